/**
 * What became of a closed deal's touches after its close: found by comparing the computations that are kept of it. A
 * touch leaves a closed deal only when it was deleted or erased, or when evidence from before the close says so.
 */

import { closeTime } from '../canonical/close-time.ts';
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Entity } from '../canonical/model.ts';
import { factsFrom } from '../credit/facts.ts';
import type { KeptComputation } from '../store/contract/credits.ts';
import type { Store } from '../store/contract/store.ts';
import { iso } from '../support/clock.ts';
import { type CreditSettings, keptStanding } from '../sync/standing.ts';
import { personName } from './person-name.ts';

interface Change {
  readonly at: number;
  readonly what: 'left' | 'joined';
  readonly touch: KeptTouch;
  /** What changed besides, where that explains it. */
  readonly because: 'settings' | 'used up' | null;
}

interface KeptTouch {
  readonly eventId: string;
  readonly time: number;
  readonly channel: string;
  readonly person: string;
}

export async function changesAfterClose(store: Store, deal: Entity): Promise<string[]> {
  const closedAt = closeTime(deal);
  if (closedAt === null) return [];
  // Computations while it was open ended at their own time.
  const computed = (await store.credits.computations(deal.id)).filter(({ endedAt }) => endedAt === closedAt);
  const settings = await touchSettings(store, computed);
  const changes = computed.slice(1).flatMap((one, index) => changesBetween(computed[index], one, settings));
  if (changes.length === 0) return [];
  const events = await eventsOf(store, changes);
  const owners = await store.entities.ownersOf([...events.values()].map(({ subject }) => subject));
  const people = await store.entities.get([...new Set(Object.values(owners))]);
  const names = new Map(people.map((person) => [person.id, personName(person)]));
  return changes.map((change) => {
    const event = events.get(change.touch.eventId);
    const owner = event && owners[event.subject];
    return `${iso(change.at)}: the ${change.touch.channel} touch of ${iso(change.touch.time)} ${why(change, event, owner, names)}`;
  });
}

function why(
  { what, touch, because }: Change,
  event: CanonicalEvent | undefined,
  owner: string | undefined,
  names: ReadonlyMap<string, string>,
): string {
  const name = owner === undefined ? undefined : names.get(owner);
  const byRule = because === null ? undefined : words[because][what];
  if (byRule !== undefined && (what === 'joined' || event)) return byRule;
  if (what === 'joined')
    return `joined this closed deal: evidence that arrived then says that it is of ${name ?? 'its people'}.`;
  if (!event) return 'left this closed deal: it was deleted or erased.';
  if (owner === touch.person)
    return `left this closed deal: ${name} is not tied to the deal any more, or the deal’s window is another.`;
  const late = 'left this closed deal: evidence from before the close, which arrived then, says that';
  if (name !== undefined) return `${late} it is of ${name}.`;
  return `${late} several people share its browser or user id.`;
}

const words = {
  settings: {
    joined: 'joined this closed deal: the settings of what counts were changed then.',
    left: 'left this closed deal: the settings of what counts were changed then.',
  },
  'used up': {
    joined: 'joined this closed deal: no earlier deal of the person has used it up any more.',
    left: 'left this closed deal: an earlier deal of the person has used it up.',
  },
} as const;

/** What decides which touches count, as text, by the rules under which it is kept. */
async function touchSettings(
  store: Store,
  computed: readonly KeptComputation[],
): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(computed.map(({ rules }) => rules))];
  const standings = await Promise.all(names.map((rules) => keptStanding(store, rules)));
  return new Map(names.map((rules, index) => [rules, settingsText(standings[index]?.settings)]));
}

function settingsText(settings: Partial<CreditSettings> = {}): string {
  const { lookbackDays, window, touches, visitMinutes, salesTouches, leaveOut, chat } = settings;
  return JSON.stringify([lookbackDays, window, touches, visitMinutes, salesTouches, leaveOut, chat]);
}

function becauseOf(
  before: KeptComputation | undefined,
  after: KeptComputation,
  settings: ReadonlyMap<string, string>,
): Change['because'] {
  if (settings.get(before?.rules ?? '') !== settings.get(after.rules)) return 'settings';
  return usedIn(before) === usedIn(after) ? null : 'used up';
}

function usedIn(computed: KeptComputation | undefined): number {
  return computed?.facts ? factsFrom(computed.facts, computed.endedAt).journey.outside.used : 0;
}

function changesBetween(
  before: KeptComputation | undefined,
  after: KeptComputation,
  settings: ReadonlyMap<string, string>,
): Change[] {
  const [old, young] = [touchesOf(before), touchesOf(after)];
  const because = becauseOf(before, after, settings);
  const missing = (from: readonly KeptTouch[], others: readonly KeptTouch[]) => {
    const there = new Set(others.map(({ eventId }) => eventId));
    return from.filter(({ eventId }) => !there.has(eventId));
  };
  return [
    ...missing(old, young).map((touch) => ({ at: after.at, what: 'left' as const, touch, because })),
    ...missing(young, old).map((touch) => ({ at: after.at, what: 'joined' as const, touch, because })),
  ];
}

function touchesOf(computed: KeptComputation | undefined): readonly KeptTouch[] {
  return computed?.facts ? factsFrom(computed.facts, computed.endedAt).journey.journey.touches : [];
}

async function eventsOf(store: Store, changes: readonly Change[]): Promise<Map<string, CanonicalEvent>> {
  const events = await store.facts.eventsNamed(changes.map(({ touch }) => touch.eventId));
  return new Map(events.map((event) => [event.id, event]));
}
