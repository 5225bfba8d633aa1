/** Rules that split a conversion by the place of its touches. Definitions: Google Analytics, HubSpot, Salesforce. */
import { type ChannelCredit, creditOf } from '../credit.ts';
import { type PositionCounts, places, placesPerChannel } from './counts.ts';

/** Weights of the first touch, the last touch and each one between, for a journey of this length; sum 1. */
export interface PlaceWeights {
  readonly first: number;
  readonly last: number;
  readonly between: number;
}

export type PositionRule = (length: number) => PlaceWeights;

export const positionRules: Readonly<Record<'first' | 'last' | 'linear' | 'position', PositionRule>> = {
  first: () => ({ first: 1, last: 0, between: 0 }),
  last: () => ({ first: 0, last: 1, between: 0 }),
  linear: (length) => ({ first: 1 / length, last: 1 / length, between: 1 / length }),
  position: (length) =>
    length === 2
      ? { first: 0.5, last: 0.5, between: 0 }
      : { first: 0.4, last: 0.4, between: 0.2 / (length - 2) },
};

/** Each channel's credit by a position rule. One touch alone has everything. */
export function positionCredit(counts: PositionCounts, rule: PositionRule): ChannelCredit[] {
  const conversions = new Float64Array(counts.channels.size);
  const values = new Float64Array(counts.channels.size);
  for (const [length, sums] of counts.lengths()) {
    const weights = length === 1 ? { first: 1, last: 0, between: 0 } : rule(length);
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
