/**
 * The rule-based models. Definitions and percentages as in the products that users know them from; where those
 * are silent: a milestone's touch is the last one at or before it; a touch that holds two milestones gets both
 * parts; the part of a missing milestone, or of middle touches that do not exist, is shared by what is there.
 */
import type { Milestone, Model, Split } from './model.ts';
import {
  anchored,
  first,
  last,
  lastNonDirect,
  milestone,
  timeDecay,
  type Weigh,
  type Weighing,
} from './weighing.ts';

export interface RuleSettings {
  /** Of time decay. */
  readonly halfLifeDays: number;
  /** Channels that count as "direct" for last non-direct. */
  readonly directChannels: readonly string[];
}

interface Rule {
  readonly id: string;
  readonly title: string;
  readonly definition: string;
  readonly weigh: Weigh;
}

/** All rule-based models, by id. */
export function ruleModels(settings: RuleSettings): Model[] {
  return rules(settings).map((rule) => ({
    id: rule.id,
    title: rule.title,
    definition: rule.definition,
    version: 'rule',
    split: (journey) => normalise(rule.weigh(journey)),
  }));
}

function rules({ halfLifeDays, directChannels }: RuleSettings): Rule[] {
  return [
    {
      id: 'first',
      title: 'First touch',
      definition: 'All credit to the first touch.',
      weigh: anchored([first(100)], 0),
    },
    {
      id: 'last',
      title: 'Last touch',
      definition: 'All credit to the last touch.',
      weigh: anchored([last(100)], 0),
    },
    {
      id: 'last-non-direct',
      title: 'Last non-direct touch',
      definition: `All credit to the last touch that is not ${directChannels.join(' or ')}; to the last one if all are.`,
      weigh: anchored([lastNonDirect(new Set(directChannels))], 0),
    },
    { id: 'linear', title: 'Linear', definition: 'Every touch gets the same.', weigh: anchored([], 100) },
    {
      id: 'time-decay',
      title: 'Time decay',
      definition: `A touch counts half as much for every ${halfLifeDays} days that it lies before the end.`,
      weigh: timeDecay(halfLifeDays),
    },
    {
      id: 'position',
      title: 'Position 40/20/40',
      definition: 'First touch 40 %, last touch 40 %, those between share 20 %.',
      weigh: anchored([first(40), last(40)], 20),
    },
    {
      id: 'u-shaped',
      title: 'U-shaped (50/50)',
      definition: 'First touch 50 %, lead creation 50 %.',
      weigh: anchored([first(50), milestone('leadCreated', 50)], 0),
    },
    {
      id: 'u-shaped-40-20-40',
      title: 'U-shaped (40/20/40)',
      definition: 'First touch 40 %, lead creation 40 %, all others share 20 %.',
      weigh: anchored([first(40), milestone('leadCreated', 40)], 20),
    },
    {
      id: 'w-shaped',
      title: 'W-shaped',
      definition: 'First touch, lead creation and deal creation 30 % each, all others share 10 %.',
      weigh: anchored([first(30), milestone('leadCreated', 30), milestone('dealCreated', 30)], 10),
    },
    {
      id: 'full-path',
      title: 'Full path',
      definition: 'First touch, lead creation, deal creation and close 22.5 % each, all others share 10 %.',
      weigh: anchored(
        [
          first(22.5),
          milestone('leadCreated', 22.5),
          milestone('dealCreated', 22.5),
          milestone('closed', 22.5),
        ],
        10,
      ),
    },
    {
      id: 'j-shaped',
      title: 'J-shaped',
      definition: 'First touch 20 %, last touch 60 %, those between share 20 %.',
      weigh: anchored([first(20), last(60)], 20),
    },
    {
      id: 'inverse-j',
      title: 'Inverse J',
      definition: 'First touch 60 %, last touch 20 %, those between share 20 %.',
      weigh: anchored([first(60), last(20)], 20),
    },
  ];
}

/** Parts of the credit in percent, 0 to 100; what they sum to counts as the whole. */
export type CustomParts = Readonly<Record<Milestone | 'lastTouch' | 'others', number>>;

/** A model of the admin's own: so much to the touches at milestones, to the last one, and to all others together. */
export function customModel(id: string, parts: CustomParts): Model {
  const milestones = ['leadCreated', 'dealCreated', 'closed'] as const;
  const anchors = [
    first(parts.firstTouch),
    ...milestones.map((name) => milestone(name, parts[name])),
    last(parts.lastTouch),
  ].filter(({ percent }) => percent > 0);
  const words = anchors.map(({ name, percent }) => `${name} ${percent} %`);
  const rest = parts.others > 0 ? [`all others share ${parts.others} %`] : [];
  const definition = `${capitalized([...words, ...rest].join(', '))}.`;
  const weigh = anchored(anchors, parts.others);
  return { id, title: id, definition, version: 'rule', split: (journey) => normalise(weigh(journey)) };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Shares that sum to 1; nothing at all for a journey in which no touch is entitled (credit is never invented). */
function normalise({ weights, why }: Weighing): Split {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const shares = weights.map((weight) => (sum > 0 ? weight / sum : 0));
  return { shares, baseline: 0, reason: (index) => `${why(index)}: ${percent(shares[index] ?? 0)}.` };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
