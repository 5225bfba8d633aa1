/** The baseline and what covariates make of it: the M step of what would have come anyway. */
import { solve } from './linear.ts';
import type { WeightedSample } from './weights.ts';

/** γ·x of one person. */
export function lean(slopes: Float64Array, covariates: readonly Float64Array[], person: number): number {
  let sum = 0;
  for (let index = 0; index < slopes.length; index += 1)
    sum += (slopes[index] ?? 0) * (covariates[index]?.[person] ?? 0);
  return sum;
}

/** Σ over people of days × exp(γ·x). */
export function personDays(weighted: WeightedSample, slopes: Float64Array): number {
  return moments(weighted, slopes, false).days;
}

interface Moments {
  readonly days: number;
  /** Σ days × exp(γ·x) × x. */
  readonly first: Float64Array;
  /** Σ days × exp(γ·x) × x xᵀ, row by row. */
  readonly second: Float64Array;
}

function moments({ sample, weights }: WeightedSample, slopes: Float64Array, derivatives = true): Moments {
  const { covariates } = sample;
  const size = slopes.length;
  const first = new Float64Array(size);
  const second = new Float64Array(size * size);
  let days = 0;
  for (let person = 0; person < weights.length; person += 1) {
    const weight = weights[person] ?? 0;
    if (weight === 0) continue;
    const own = weight * (sample.days[person] ?? 0) * Math.exp(lean(slopes, covariates, person));
    days += own;
    if (!derivatives) continue;
    for (let row = 0; row < size; row += 1) {
      const part = own * (covariates[row]?.[person] ?? 0);
      first[row] = (first[row] ?? 0) + part;
      for (let column = 0; column < size; column += 1)
        second[row * size + column] =
          (second[row * size + column] ?? 0) + part * (covariates[column]?.[person] ?? 0);
    }
  }
  return { days, first, second };
}

export interface BaselineStep {
  readonly slopes: Float64Array;
  readonly personDays: number;
}

const halvings = 8;

/**
 * One Newton step for the slopes with μ at its best for each (a Poisson regression on person-time), halved until it
 * is no step down.
 *
 * @param credit conversions that would have come anyway
 * @param credited those, times each covariate
 */
export function improveSlopes(
  weighted: WeightedSample,
  credit: number,
  credited: Float64Array,
  slopeSpread: number,
  slopes: Float64Array,
): BaselineStep {
  const height = (at: Float64Array, days: number) =>
    at.reduce(
      (sum, slope, index) => sum + slope * (credited[index] ?? 0) - (slope / slopeSpread) ** 2 / 2,
      0,
    ) -
    credit * Math.log(days);
  if (slopes.length === 0) return { slopes, personDays: personDays(weighted, slopes) };
  const now = moments(weighted, slopes);
  let step = newtonStep(now, credit, credited, slopeSpread, slopes);
  for (let halving = 0; halving < halvings; halving += 1, step = step.map((one) => one / 2)) {
    const next = slopes.map((slope, index) => slope + (step[index] ?? 0));
    const days = personDays(weighted, next);
    if (height(next, days) >= height(slopes, now.days)) return { slopes: next, personDays: days };
  }
  return { slopes, personDays: now.days };
}

function newtonStep(
  { days, first, second }: Moments,
  credit: number,
  credited: Float64Array,
  slopeSpread: number,
  slopes: Float64Array,
): Float64Array {
  const size = slopes.length;
  const mean = first.map((one) => one / days);
  const ridge = 1 / slopeSpread ** 2;
  const uphill = slopes.map((slope, row) => (credited[row] ?? 0) - credit * (mean[row] ?? 0) - slope * ridge);
  const bend = second.map((one, cell) => {
    const row = Math.floor(cell / size);
    const column = cell % size;
    const spread = one / days - (mean[row] ?? 0) * (mean[column] ?? 0);
    return credit * spread + (row === column ? ridge : 0);
  });
  return solve(bend, uphill);
}
