/** Intervals from resamples. */
import type { Interval } from '../model.ts';

/** Fewer resamples are no interval, neither here nor in a fit: `attribution.resamples` asks for as many. */
export const leastResamples = 20;

/**
 * The middle part of what resamples gave (percentile interval: Efron 1979). Its ends are the values of rank
 * `p (n + 1)`, so that one resample more falls within with probability `level`, also where there are few of them
 * (Davison and Hinkley 1997); with fewer than `2 / (1 - level) - 1` resamples it is all of their range.
 *
 * @param values in any order, at least one, each a number
 * @param level 0.95: of a hundred such intervals about 95 hold the truth, where the model is right
 */
export function intervalOf(values: ArrayLike<number>, level: number): Interval {
  // A typed array is put in order without asking a function for each pair; numbers that are none come last.
  const sorted = Float64Array.from(values).sort();
  if (Number.isNaN(sorted.at(-1) ?? Number.NaN)) throw new RangeError('an interval is of numbers');
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

/** Linear between neighbours. */
function quantile(sorted: Float64Array, part: number): number {
  const place = Math.max(0, Math.min(sorted.length - 1, part * (sorted.length + 1) - 1));
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
