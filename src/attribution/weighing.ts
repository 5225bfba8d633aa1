/** How rules weigh the touches of a deal's journey: by places and milestones that touches hold, or by age. */
import type { Journey, Touch } from './model.ts';
import { isDirect, type Place, type RuleSettings, type ShareRule } from './rulebook.ts';
import { cameBefore } from './when.ts';

/** Raw weights of the touches, each ≥ 0, and what to say of one. */
export interface Weighing {
  readonly weights: readonly number[];
  why(index: number): string;
}

export type Weigh = (journey: Journey) => Weighing;

const dayMs = 86_400_000;

export const placeNames: Readonly<Record<Place, string>> = {
  firstTouch: 'the first touch',
  lastTouch: 'the last touch',
  lastNonDirect: 'the last touch that was not direct',
  leadCreated: 'the touch that made the lead',
  dealCreated: 'the touch before the deal was opened',
  closed: 'the touch before the close',
};

/**
 * A touch that holds several places gets all their parts; the part of a place without a touch, or of others where
 * there are none, is left out of the weights.
 */
export function byParts(
  { parts, others }: Pick<ShareRule, 'parts' | 'others'>,
  { directChannels }: Pick<RuleSettings, 'directChannels'>,
): Weigh {
  const direct = isDirect(directChannels);
  const ordinary = parts.length > 0 ? 'It was one of the other touches' : 'Every touch gets the same';
  return (journey) => {
    const held = parts.map(({ place, percent }) => ({ place, percent, index: find(place, journey, direct) }));
    const names = Map.groupBy(held, ({ index }) => index);
    const said = new Map(
      [...names].map(([index, own]) => [index, own.map(({ place }) => placeNames[place]).join(' and ')]),
    );
    const weights = journey.touches.map(() => 0);
    for (const { percent, index } of held) if (index >= 0) weights[index] = (weights[index] ?? 0) + percent;
    const middle = weights.flatMap((weight, index) => (weight === 0 ? [index] : []));
    for (const index of middle) weights[index] = others / middle.length;
    return {
      weights,
      why: (index) => {
        const places = said.get(index);
        return places === undefined ? ordinary : `It was ${places}`;
      },
    };
  };
}

/** Index of the touch that holds a place, -1 for none: of a milestone, the last touch at or before it. */
function find(place: Place, { touches, milestones }: Journey, direct: (channel: string) => boolean): number {
  switch (place) {
    case 'firstTouch':
      return touches.length > 0 ? 0 : -1;
    case 'lastTouch':
      return touches.length - 1;
    case 'lastNonDirect': {
      const at = touches.findLastIndex(({ channel }) => !direct(channel));
      return at < 0 ? touches.length - 1 : at;
    }
    default:
      return before(touches, milestones[place]);
  }
}

function before(touches: readonly Touch[], milestone: number | undefined): number {
  return milestone === undefined ? -1 : touches.findLastIndex(({ time }) => time <= milestone);
}

/** Half for every half-life, in days, before the end. */
export function timeDecay(halfLifeDays: number): Weigh {
  return (journey) => {
    const { touches } = journey;
    // Relative to the newest touch: the ratio is the same, and an old journey does not underflow to nothing.
    const newest = touches.at(-1)?.time ?? 0;
    return {
      weights: touches.map(({ time }) => 2 ** ((time - newest) / (halfLifeDays * dayMs))),
      why: (index) =>
        `It came ${cameBefore(journey, touches[index]?.time ?? 0)}, and a touch counts half for every ${halfLifeDays} days`,
    };
  };
}
