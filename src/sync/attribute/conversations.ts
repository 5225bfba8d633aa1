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
  const keys = new Set<string>();
  for (const { dealId, events } of facts)
    for (const { event } of events) {
      const key = counts(dealId, event) ? sessionKey(event) : null;
      if (key !== null) keys.add(key);
    }
  const found = await store.entities.fieldsByKey('Conversation', [...keys]);
  return new Map([...found].map(([key, fields]) => [key, toldBy(fields)]));
}

function toldBy({ topic, goal, url }: Entity['fields']): Conversation {
  return { topic: textOf(topic), goal: textOf(goal), url: textOf(url) };
}

function textOf(value: Entity['fields'][string] | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
