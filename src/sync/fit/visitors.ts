/** Who visited, and from whom the chat was withheld. */
import type { CanonicalEvent } from '../../canonical/events.ts';
import type { Store } from '../../store/contract/store.ts';

/** A visitor, by the person that they turned out to be, else by the key of their events. */
export interface Visitor {
  readonly id: string;
  readonly firstAt: number;
  readonly withheld: boolean;
}

const batchSize = 5_000;

export interface SessionStart {
  readonly subject: string;
  /** Names the visitor while nobody knows who it is. */
  readonly visitor: string;
  readonly at: number;
  readonly withheld: boolean;
}

/** All of them, oldest first. */
export async function sessionStarts(store: Store, signal?: AbortSignal): Promise<SessionStart[]> {
  const starts: SessionStart[] = [];
  let after: { time: number; id: string } | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const filter = { types: ['chat.session_started'], ...(after ? { after } : {}) };
    const events: CanonicalEvent[] = await store.facts.events(filter, batchSize);
    for (const { subject, fallbacks, time, data } of events)
      starts.push({
        subject,
        visitor: fallbacks?.at(-1) ?? subject,
        at: time,
        withheld: data.holdout === true,
      });
    const last = events.at(-1);
    if (!last) return starts;
    after = { time: last.time, id: last.id };
  }
}

/** Who comes again stays in the part that the first visit fell into. */
export async function visitorsOf(store: Store, sessions: readonly SessionStart[]): Promise<Visitor[]> {
  const visitors = new Map<string, Visitor>();
  for (let start = 0; start < sessions.length; start += batchSize) {
    const batch = sessions.slice(start, start + batchSize);
    const people = await store.entities.ownersOf([...new Set(batch.map(({ subject }) => subject))]);
    for (const { subject, visitor, at, withheld } of batch) {
      const id = people[subject] ?? visitor;
      if (!visitors.has(id)) visitors.set(id, { id, firstAt: at, withheld });
    }
  }
  return [...visitors.values()];
}
