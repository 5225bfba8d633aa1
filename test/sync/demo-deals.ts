/** The demo's deals as an analyst sees them: what their journeys are made of, and what the chatbot has of each. */
import { chatIndexes } from '../../src/credit/chat.ts';
import { creditDeals } from '../../src/sync/attribute/credits.ts';
import type { Hub } from '../../src/sync/hub.ts';

export interface DemoDeal {
  readonly name: string;
  readonly status: string;
  readonly stage: string;
  /** Thousands of dollars, at the rates that the story uses. */
  readonly worth: number;
  readonly currency: string;
  readonly touches: number;
  readonly chats: number;
  /** Calls, meetings and mails by staff. */
  readonly sales: number;
  /** People who have touches. */
  readonly people: number;
  /** What its chats were about; null where nobody knows. */
  readonly topics: readonly (string | null)[];
  readonly share: number | null;
  readonly role: string | null;
  /** The chatbot's share by model. */
  readonly byModel: Readonly<Record<string, number>>;
}

const units: Readonly<Record<string, number>> = { USD: 100_000, EUR: 100_000, JPY: 150_000 };
const salesTypes = new Set(['touch.call', 'touch.meeting', 'touch.email_sent']);

export async function demoDeals(hub: Hub): Promise<DemoDeal[]> {
  const deals = (await hub.store.entities.scan('Deal', null, 10_000)).filter(({ withdrawn }) => !withdrawn);
  const models = await hub.models.current();
  const credited = await creditDeals(
    hub,
    models,
    deals.map(({ id }) => id),
  );
  return credited.flatMap(({ facts, fields, models: by }) => {
    if (!facts) return [];
    const { journey, topics } = facts.journey;
    const chats = chatIndexes(facts.journey);
    const byModel: Record<string, number> = {};
    for (const { channel, model, share } of by.flatMap((one) => one.lines()))
      if (channel === 'Chat') byModel[model] = (byModel[model] ?? 0) + share;
    return {
      name: facts.name ?? '',
      status: facts.status ?? '',
      stage: facts.stage ?? '',
      worth: (facts.amount?.minor ?? 0) / (units[facts.currency] ?? 100_000),
      currency: facts.currency,
      touches: journey.touches.length,
      chats: chats.length,
      sales: journey.touches.filter(({ type }) => salesTypes.has(type)).length,
      people: new Set(journey.touches.map(({ person }) => person)).size,
      topics: chats.map((index) => topics[index] ?? null),
      share: numberOf(fields['chatCredit.share']),
      role: textOf(fields['chatCredit.role']),
      byModel,
    };
  });
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
