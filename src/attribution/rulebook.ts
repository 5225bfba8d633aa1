/**
 * The rules, each said once: for deals, whose touches have times and milestones, and for files of paths. Definitions
 * and percentages are those of the products that users know them from.
 */
import type { Milestone } from './model.ts';

export interface RuleSettings {
  /** Of time decay, in days. */
  readonly halfLifeDays: number;
  /** Channels that count as "direct" for last non-direct. */
  readonly directChannels: readonly string[];
}

export const usualRuleSettings: RuleSettings = { halfLifeDays: 7, directChannels: ['Direct'] };

/** Exports spell one channel in several ways: `Direct`, `direct`, `(direct)`. */
export function isDirect(directChannels: readonly string[]): (channel: string) => boolean {
  const names = new Set(directChannels.map(bare));
  return (channel) => names.has(bare(channel));
}

function bare(channel: string): string {
  return channel.toLowerCase().replace(/^\((.*)\)$/, '$1');
}

/** Which touch a part of the credit belongs to. */
export type Place = Milestone | 'lastTouch' | 'lastNonDirect';

/** So many percent of the credit belong to one touch. */
export interface Part {
  readonly place: Place;
  readonly percent: number;
}

/** Percentages for some touches, the rest for all others together. */
export interface ShareRule {
  readonly id: string;
  readonly title: string;
  readonly parts: readonly Part[];
  readonly others: number;
  definition(settings: RuleSettings): string;
}

/** Half for every half-life before the end. */
export interface DecayRule {
  readonly id: string;
  readonly title: string;
  readonly decay: true;
  definition(settings: RuleSettings): string;
}

export type Rule = ShareRule | DecayRule;

const firstTouch = (percent: number): Part => ({ place: 'firstTouch', percent });
const lastTouch = (percent: number): Part => ({ place: 'lastTouch', percent });
const leadCreated = (percent: number): Part => ({ place: 'leadCreated', percent });
const dealCreated = (percent: number): Part => ({ place: 'dealCreated', percent });
const closed = (percent: number): Part => ({ place: 'closed', percent });

export const rulebook: readonly Rule[] = [
  rule('first', 'First touch', 'All credit to the first touch.', [firstTouch(100)]),
  rule('last', 'Last touch', 'All credit to the last touch.', [lastTouch(100)]),
  {
    id: 'last-non-direct',
    title: 'Last non-direct touch',
    parts: [{ place: 'lastNonDirect', percent: 100 }],
    others: 0,
    definition: ({ directChannels }) =>
      `All credit to the last touch that is not ${directChannels.join(' or ')}; to the last one if all are.`,
  },
  rule('linear', 'Linear', 'Every touch gets the same.', [], 100),
  {
    id: 'time-decay',
    title: 'Time decay',
    decay: true,
    definition: ({ halfLifeDays }) =>
      `A touch counts half as much for every ${halfLifeDays} days that it lies before the end.`,
  },
  rule(
    'position',
    'Position 40/20/40',
    'First touch 40 %, last touch 40 %, those between share 20 %.',
    [firstTouch(40), lastTouch(40)],
    20,
  ),
  rule('u-shaped', 'U-shaped (50/50)', 'First touch 50 %, lead creation 50 %.', [
    firstTouch(50),
    leadCreated(50),
  ]),
  rule(
    'u-shaped-40-20-40',
    'U-shaped (40/20/40)',
    'First touch 40 %, lead creation 40 %, all others share 20 %.',
    [firstTouch(40), leadCreated(40)],
    20,
  ),
  rule(
    'w-shaped',
    'W-shaped',
    'First touch, lead creation and deal creation 30 % each, all others share 10 %.',
    [firstTouch(30), leadCreated(30), dealCreated(30)],
    10,
  ),
  rule(
    'full-path',
    'Full path',
    'First touch, lead creation, deal creation and close 22.5 % each, all others share 10 %.',
    [firstTouch(22.5), leadCreated(22.5), dealCreated(22.5), closed(22.5)],
    10,
  ),
  rule(
    'j-shaped',
    'J-shaped',
    'First touch 20 %, last touch 60 %, those between share 20 %.',
    [firstTouch(20), lastTouch(60)],
    20,
  ),
  rule(
    'inverse-j',
    'Inverse J',
    'First touch 60 %, last touch 20 %, those between share 20 %.',
    [firstTouch(60), lastTouch(20)],
    20,
  ),
];

function rule(id: string, title: string, definition: string, parts: readonly Part[], others = 0): ShareRule {
  return { id, title, parts, others, definition: () => definition };
}
