/**
 * What became of a closed deal's touches after its close: found by comparing the computations that are kept of it. A
 * touch leaves a closed deal only when it was deleted or erased, or when evidence from before the close says so.
 */

import { closeTime } from '../canonical/close-time.ts';
import type { Entity } from '../canonical/model.ts';
import { factsFrom } from '../credit/facts.ts';
import type { KeptComputation } from '../store/contract/credits.ts';
import type { Store } from '../store/contract/store.ts';
import { iso } from '../support/clock.ts';
import type { Hub } from '../sync/hub.ts';
import { type CreditSettings, keptStanding } from '../sync/standing.ts';
import { type LateChange, LateReasons } from './late-reasons.ts';

interface KeptTouch {
  readonly eventId: string;
  readonly time: number;
  readonly channel: string;
  readonly person: string;
}

interface Change extends LateChange {
  readonly touch: KeptTouch;
  /** What changed besides, where that explains it. */
  readonly because: keyof typeof words | null;
}

export async function changesAfterClose(hub: Hub, deal: Entity): Promise<string[]> {
  const { store } = hub;
  const closedAt = closeTime(deal);
  if (closedAt === null) return [];
  // Computations while it was open ended at their own time.
  const computed = (await store.credits.computations(deal.id)).filter(({ endedAt }) => endedAt === closedAt);
  const settings = await touchSettings(store, computed);
  const changes = computed.slice(1).flatMap((one, index) => changesBetween(computed[index], one, settings));
  if (changes.length === 0) return [];
  const reasons = await LateReasons.of(hub, deal, changes);
  return changes.map((change) => {
    const { at, touch, what, because } = change;
    const isGone = what === 'left' && reasons.isGone(touch);
    const byRule = because === null || isGone ? undefined : words[because][what];
    const told = `the ${touch.channel} touch of ${iso(touch.time)} ${what} this closed deal`;
    return `${iso(at)}: ${told}: ${byRule ?? reasons.why(change)}.`;
  });
}

const words = {
  update: {
    joined: 'the hub was updated then, and judges anew what was so at the close',
    left: 'the hub was updated then, and judges anew what was so at the close',
  },
  settings: {
    joined: 'the settings of what counts were changed then',
    left: 'the settings of what counts were changed then',
  },
  'used up': {
    joined: 'no earlier deal of the person has used it up any more',
    left: 'an earlier deal of the person has used it up',
  },
} as const;

type RulesByName = ReadonlyMap<string, { readonly text: string; readonly computedBy: number }>;

/** What decides which touches count, as text, by the rules under which it is kept. */
async function touchSettings(store: Store, computed: readonly KeptComputation[]): Promise<RulesByName> {
  const names = [...new Set(computed.map(({ rules }) => rules))];
  const standings = await Promise.all(names.map((rules) => keptStanding(store, rules)));
  return new Map(
    names.map((rules, index) => {
      const { settings, computedBy = 0 } = standings[index] ?? {};
      return [rules, { text: settingsText(settings), computedBy }];
    }),
  );
}

function settingsText(settings: Partial<CreditSettings> = {}): string {
  const { lookbackDays, window, touches, visitMinutes, salesTouches, leaveOut, chat } = settings;
  return JSON.stringify([lookbackDays, window, touches, visitMinutes, salesTouches, leaveOut, chat]);
}

function becauseOf(
  before: KeptComputation | undefined,
  after: KeptComputation,
  settings: RulesByName,
): Change['because'] {
  const [old, young] = [settings.get(before?.rules ?? ''), settings.get(after.rules)];
  if (old?.text !== young?.text) return 'settings';
  if (old?.computedBy !== young?.computedBy) return 'update';
  return usedIn(before) === usedIn(after) ? null : 'used up';
}

function usedIn(computed: KeptComputation | undefined): number {
  return computed?.facts ? factsFrom(computed.facts, computed.endedAt).journey.outside.used : 0;
}

function changesBetween(
  before: KeptComputation | undefined,
  after: KeptComputation,
  settings: RulesByName,
): Change[] {
  const [old, young] = [touchesOf(before), touchesOf(after)];
  const told = { at: after.at, since: before?.at ?? after.at, because: becauseOf(before, after, settings) };
  const missing = (from: readonly KeptTouch[], others: readonly KeptTouch[]) => {
    const there = new Set(others.map(({ eventId }) => eventId));
    return from.filter(({ eventId }) => !there.has(eventId));
  };
  return [
    ...missing(old, young).map((touch) => ({ ...told, what: 'left' as const, touch })),
    ...missing(young, old).map((touch) => ({ ...told, what: 'joined' as const, touch })),
  ];
}

function touchesOf(computed: KeptComputation | undefined): readonly KeptTouch[] {
  return computed?.facts ? factsFrom(computed.facts, computed.endedAt).journey.journey.touches : [];
}
