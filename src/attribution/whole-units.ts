/** Shares as they are shown: rounded so that what stands side by side sums to what their sum is rounded to. */
import { allocate } from './allocate.ts';

/**
 * Parts of 1 in whole units of it, by largest remainder: with 100 of them whole percents, with 10,000 their hundredths.
 * Each part alone rounded (4 + 3 + 3 + 3 + 3 of 17) would let the reader wonder.
 *
 * @param shares ≥ 0
 */
export function wholeUnits(shares: readonly number[], units: number): number[] {
  const sum = shares.reduce((all, share) => all + share, 0);
  return allocate(Math.round(sum * units), shares);
}
