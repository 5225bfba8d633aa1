/**
 * The rule-based models. Definitions and percentages as in the products that users know them from; where those
 * are silent: a milestone's touch is the last one at or before it; a touch that holds two milestones gets both
 * parts; the part of a missing milestone, or of middle touches that do not exist, is shared by what is there.
 */
import type { Journey, Milestone, Model, Split, Touch } from './model.ts';

export interface RuleSettings {
  readonly halfLifeDays: number;
  /** Channels that count as "direct" for last non-direct. */
  readonly directChannels: readonly string[];
}

const dayMs = 86_400_000;

/** Raw weights of the touches, and what to say of one. */
interface Weighing {
  readonly weights: readonly number[];
  why(index: number): string;
}

interface Rule {
  readonly id: string;
  readonly title: string;
  readonly definition: string;
  weigh(journey: Journey): Weighing;
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
      weigh: timeDecay(halfLifeDays * dayMs),
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

/** A model of the admin's own: percentages for milestones, and for all other touches together. */
export function customModel(
  id: string,
  percentages: Readonly<Partial<Record<Milestone | 'lastTouch', number>>>,
  others: number,
): Model {
  const { firstTouch, lastTouch, ...milestones } = percentages;
  const anchors = [
    ...(firstTouch === undefined ? [] : [first(firstTouch)]),
    ...Object.entries(milestones).map(([name, percent]) => milestone(name as Milestone, percent)),
    ...(lastTouch === undefined ? [] : [last(lastTouch)]),
  ];
  const definition = `${anchors.map(({ name, percent }) => `${name} ${percent} %`).join(', ')}, all others share ${others} %.`;
  const weigh = anchored(anchors, others);
  return { id, title: id, definition, version: 'rule', split: (journey) => normalise(weigh(journey)) };
}

// ------------------------------------------------------------------------------------------ weighing

/** A part of the credit that belongs to one touch, if the journey has it. */
interface Anchor {
  readonly name: string;
  readonly percent: number;
  find(journey: Journey): number | undefined;
}

function first(percent: number): Anchor {
  return { name: 'the first touch', percent, find: ({ touches }) => (touches.length > 0 ? 0 : undefined) };
}

function last(percent: number): Anchor {
  return { name: 'the last touch', percent, find: ({ touches }) => lastIndex(touches, () => true) };
}

function lastNonDirect(direct: ReadonlySet<string>): Anchor {
  return {
    name: 'the last touch that was not direct',
    percent: 100,
    find: ({ touches }) =>
      lastIndex(touches, ({ channel }) => !direct.has(channel)) ?? lastIndex(touches, () => true),
  };
}

const milestoneNames: Readonly<Record<Milestone, string>> = {
  firstTouch: 'the first touch',
  leadCreated: 'the touch that made the lead',
  dealCreated: 'the touch before the deal was opened',
  closed: 'the touch before the close',
};

function milestone(which: Milestone, percent: number): Anchor {
  return {
    name: milestoneNames[which],
    percent,
    find: ({ touches, milestones }) => {
      const at = milestones[which];
      return at === undefined ? undefined : lastIndex(touches, ({ time }) => time <= at);
    },
  };
}

function lastIndex(touches: readonly Touch[], wanted: (touch: Touch) => boolean): number | undefined {
  const index = touches.findLastIndex(wanted);
  return index < 0 ? undefined : index;
}

function anchored(anchors: readonly Anchor[], others: number): Rule['weigh'] {
  return (journey) => {
    const held = anchors.map((anchor) => ({ anchor, index: anchor.find(journey) }));
    const names = (index: number) =>
      held.filter((one) => one.index === index).map(({ anchor }) => anchor.name);
    const weights = journey.touches.map(() => 0);
    for (const { anchor, index } of held)
      if (index !== undefined) weights[index] = (weights[index] ?? 0) + anchor.percent;
    const middle = weights.flatMap((weight, index) => (weight === 0 ? [index] : []));
    for (const index of middle) weights[index] = others / middle.length;
    return {
      weights,
      why: (index) =>
        names(index).length > 0 ? `It was ${names(index).join(' and ')}` : 'It was one of the other touches',
    };
  };
}

function timeDecay(halfLifeMs: number): Rule['weigh'] {
  return ({ touches, conversionTime }) => {
    // Relative to the newest touch: the ratio is the same, and an old journey does not underflow to nothing.
    const newest = touches.at(-1)?.time ?? 0;
    return {
      weights: touches.map(({ time }) => 2 ** ((time - newest) / halfLifeMs)),
      why: (index) => {
        const days = (conversionTime - (touches[index]?.time ?? 0)) / dayMs;
        return `It lay ${days.toFixed(1)} days before the end, and a touch counts half for every ${halfLifeMs / dayMs} days`;
      },
    };
  };
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
