/** What became of the conversations among the touches of deals. */
import { type CanonicalEvent, sessionKey } from '../../canonical/events.ts';
import type { Entity } from '../../canonical/model.ts';
import type { Conversation, Conversations } from '../../journey/conversations.ts';
import type { DealFacts } from '../../store/contract/entities.ts';
import type { Store } from '../../store/contract/store.ts';

/** @param counts which events are looked at: those in a deal's window */
export async function conversationsOf(
  store: Store,
  facts: readonly DealFacts[],
  counts: (dealId: string, event: CanonicalEvent) => boolean,
): Promise<Conversations> {
  const keys = new Set(
    facts.flatMap(({ dealId, events }) =>
      events.flatMap(({ event }) => (counts(dealId, event) ? (sessionKey(event) ?? []) : [])),
    ),
  );
  const ids = await store.entities.byKey('Conversation', [...keys]);
  const found = await store.entities.get([...new Set(Object.values(ids))]);
  const told = new Map(found.map((one) => [one.id, toldBy(one)]));
  return new Map(
    Object.entries(ids).flatMap(([key, id]) => {
      const known = told.get(id);
      return known ? [[key, known] as const] : [];
    }),
  );
}

function toldBy({ fields: { topic, goal, url } }: Entity): Conversation {
  return { topic: textOf(topic), goal: textOf(goal), url: textOf(url) };
}

function textOf(value: Entity['fields'][string] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
