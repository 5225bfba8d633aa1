/** How rules weigh the touches of a journey: by places and milestones that touches hold, or by age. */
import type { Journey, Milestone, Touch } from './model.ts';

/** Raw weights of the touches, each ≥ 0, and what to say of one. */
export interface Weighing {
  readonly weights: readonly number[];
  why(index: number): string;
}

export type Weigh = (journey: Journey) => Weighing;

const dayMs = 86_400_000;

/** A part of the credit that belongs to one touch, if the journey has it. */
interface Anchor {
  readonly name: string;
  readonly percent: number;
  find(journey: Journey): number | undefined;
}

export function first(percent: number): Anchor {
  return { name: 'the first touch', percent, find: ({ touches }) => (touches.length > 0 ? 0 : undefined) };
}

export function last(percent: number): Anchor {
  return { name: 'the last touch', percent, find: ({ touches }) => lastIndex(touches, () => true) };
}

/** All credit to it; to the last touch where all are direct. */
export function lastNonDirect(direct: ReadonlySet<string>): Anchor {
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

/** The last touch at or before the milestone. */
export function milestone(which: Milestone, percent: number): Anchor {
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

/**
 * Percentages for some touches, the rest for all others together. A touch that several anchors find gets all their
 * parts; the part of an anchor without a touch, or of others where there are none, is left out of the weights.
 */
export function anchored(anchors: readonly Anchor[], others: number): Weigh {
  const ordinary = anchors.length > 0 ? 'It was one of the other touches' : 'Every touch gets the same';
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
      why: (index) => (names(index).length > 0 ? `It was ${names(index).join(' and ')}` : ordinary),
    };
  };
}

/** Half for every half-life, in days, before the end. */
export function timeDecay(halfLifeDays: number): Weigh {
  return ({ touches, conversionTime }) => {
    // Relative to the newest touch: the ratio is the same, and an old journey does not underflow to nothing.
    const newest = touches.at(-1)?.time ?? 0;
    return {
      weights: touches.map(({ time }) => 2 ** ((time - newest) / (halfLifeDays * dayMs))),
      why: (index) => {
        const days = (conversionTime - (touches[index]?.time ?? 0)) / dayMs;
        return `It lay ${days.toFixed(1)} days before the end, and a touch counts half for every ${halfLifeDays} days`;
      },
    };
  };
}
