/** A sample with how often each person counts: once in a fit, a Poisson number of times in a resample. */
import type { Sample } from './sample.ts';

export interface WeightedSample {
  readonly sample: Sample;
  /** One per person. */
  readonly weights: Float64Array;
  /** Touches in each cell. */
  readonly counts: Float64Array;
  /** Their mean days. */
  readonly means: Float64Array;
  /** Conversions, weighted. */
  readonly conversions: number;
}

/** @param weights how often each person counts, ≥ 0; once where nothing is said */
export function weigh(
  sample: Sample,
  weights: Float64Array = new Float64Array(sample.days.length).fill(1),
): WeightedSample {
  const { cell, person, days, starts } = sample.cells;
  const counts = new Float64Array(starts.at(-1) ?? 0);
  const sums = new Float64Array(counts.length);
  for (let touch = 0; touch < cell.length; touch += 1) {
    const weight = weights[person[touch] ?? 0] ?? 0;
    const into = cell[touch] ?? 0;
    counts[into] = (counts[into] ?? 0) + weight;
    sums[into] = (sums[into] ?? 0) + weight * (days[touch] ?? 0);
  }
  const means = sums.map((sum, into) => (counts[into] ? sum / (counts[into] ?? 1) : 0));
  const conversions = sample.conversions.person.reduce((sum, one) => sum + (weights[one] ?? 0), 0);
  return { sample, weights, counts, means, conversions };
}
