/** Rules of the rulebook that look at a touch's place only, on files of paths. */
import { type ChannelCredit, creditOf } from '../credit.ts';
import type { Part, Place, ShareRule } from '../rulebook.ts';
import { type PositionCounts, places, placesPerChannel } from './counts.ts';

/** Weights of the first touch, the last touch and each one between, for a journey of some length; sum 1. */
export interface PlaceWeights {
  readonly first: number;
  readonly last: number;
  readonly between: number;
}

/** A path ends with its close; when its lead and its deal were created, nobody knows. */
const endsOf: Readonly<Partial<Record<Place, 'first' | 'last'>>> = {
  firstTouch: 'first',
  lastTouch: 'last',
  closed: 'last',
};

/** The places of a rule that no file of paths tells of; their part is shared by what is there. */
export function unknownPlaces({ parts }: ShareRule): Place[] {
  return parts.map(({ place }) => place).filter((place) => endsOf[place] === undefined);
}

/** As for deals: the part of a place that nobody knows, or of others where there are none, goes to what is there. */
function placeWeights({ parts, others }: ShareRule, length: number): PlaceWeights {
  if (length === 1) return { first: 1, last: 0, between: 0 };
  const held = (end: 'first' | 'last') => percentOf(parts.filter(({ place }) => endsOf[place] === end));
  const [first, last] = [held('first'), held('last')];
  const middle = length - 2 + Number(first === 0) + Number(last === 0);
  const whole = first + last + (middle > 0 ? others : 0);
  const other = middle > 0 ? others / whole / middle : 0;
  return {
    first: first > 0 ? first / whole : other,
    last: last > 0 ? last / whole : other,
    between: other,
  };
}

function percentOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { percent }) => sum + percent, 0);
}

/** Each channel's credit by a position rule. One touch alone has everything. */
export function positionCredit(counts: PositionCounts, rule: ShareRule): ChannelCredit[] {
  const conversions = new Float64Array(counts.channels.size);
  const values = new Float64Array(counts.channels.size);
  for (const [length, sums] of counts.lengths()) {
    const weights = placeWeights(rule, length);
    for (let channel = 0; channel < conversions.length; channel += 1) {
      const at = channel * placesPerChannel;
      const credit = (of: (slot: number) => number): number =>
        of(at + places.first) * weights.first +
        of(at + places.last) * weights.last +
        of(at + places.between) * weights.between;
      conversions[channel] = (conversions[channel] ?? 0) + credit((slot) => sums.conversions[slot] ?? 0);
      values[channel] = (values[channel] ?? 0) + credit((slot) => sums.value(slot));
    }
  }
  return creditOf(
    counts.channels,
    (id) => conversions[id] ?? 0,
    (id) => values[id] ?? 0,
  );
}
