/** The baseline and what covariates make of it: the M step of what would have come anyway. */
import { solve } from './linear.ts';
import type { Column } from './sample.ts';
import type { WeightedSample } from './weights.ts';

/** What covariates make of one person's baseline: log of the mean of exp(γ·x) over what x may be. */
export function lean(slopes: Float64Array, covariates: readonly Column[], person: number): number {
  let sum = 0;
  for (let index = 0; index < slopes.length; index += 1) {
    const slope = slopes[index] ?? 0;
    const column = covariates[index];
    sum += slope * (column?.values[person] ?? 0);
    if (column?.variance) sum += (slope * slope * (column.variance[person] ?? 0)) / 2;
  }
  return sum;
}

/** The derivative of `lean` by one slope. */
function slant(slope: number, column: Column | undefined, person: number): number {
  return (column?.values[person] ?? 0) + slope * (column?.variance?.[person] ?? 0);
}

/** Σ over people of days × exp(lean). */
export function personDays(weighted: WeightedSample, slopes: Float64Array): number {
  return moments(weighted, slopes, false).days;
}

interface Moments {
  readonly days: number;
  /** First and second derivatives of `days` by the slopes; the second row by row. */
  readonly first: Float64Array;
  readonly second: Float64Array;
}

function moments({ sample, weights }: WeightedSample, slopes: Float64Array, derivatives = true): Moments {
  const { covariates } = sample;
  const size = slopes.length;
  const first = new Float64Array(size);
  const second = new Float64Array(size * size);
  const slants = new Float64Array(size);
  let days = 0;
  for (let person = 0; person < weights.length; person += 1) {
    const weight = weights[person] ?? 0;
    if (weight === 0) continue;
    const own = weight * (sample.days[person] ?? 0) * Math.exp(lean(slopes, covariates, person));
    days += own;
    if (!derivatives) continue;
    for (let row = 0; row < size; row += 1) slants[row] = slant(slopes[row] ?? 0, covariates[row], person);
    for (let row = 0; row < size; row += 1) {
      const part = own * (slants[row] ?? 0);
      first[row] = (first[row] ?? 0) + part;
      for (let column = 0; column < size; column += 1) {
        const cell = row * size + column;
        const bend = row === column ? own * (covariates[row]?.variance?.[person] ?? 0) : 0;
        second[cell] = (second[cell] ?? 0) + part * (slants[column] ?? 0) + bend;
      }
    }
  }
  return { days, first, second };
}

export interface BaselineStep {
  readonly slopes: Float64Array;
  readonly personDays: number;
}

/** What the baseline is credited with. */
export interface BaselineCredit {
  /** Conversions that would have come anyway. */
  readonly baseline: number;
  /** Those, times each covariate. */
  readonly covariates: Float64Array;
  /** Those, times the variance of each covariate. */
  readonly variances: Float64Array;
}

const halvings = 8;

/**
 * One Newton step for the slopes with μ at its best for each (a Poisson regression on person-time), halved until it
 * is no step down.
 */
export function improveSlopes(
  weighted: WeightedSample,
  credit: BaselineCredit,
  slopeSpread: number,
  slopes: Float64Array,
): BaselineStep {
  if (slopes.length === 0) return { slopes, personDays: personDays(weighted, slopes) };
  const now = moments(weighted, slopes);
  const height = (at: Float64Array, days: number) => heightOf(credit, slopeSpread, at, days);
  let step = newtonStep(now, credit, slopeSpread, slopes);
  for (let halving = 0; halving < halvings; halving += 1, step = step.map((one) => one / 2)) {
    const next = slopes.map((slope, index) => slope + (step[index] ?? 0));
    const days = personDays(weighted, next);
    if (height(next, days) >= height(slopes, now.days)) return { slopes: next, personDays: days };
  }
  return { slopes, personDays: now.days };
}

function heightOf(
  { baseline, covariates, variances }: BaselineCredit,
  slopeSpread: number,
  slopes: Float64Array,
  days: number,
): number {
  let sum = -baseline * Math.log(days);
  for (let index = 0; index < slopes.length; index += 1) {
    const slope = slopes[index] ?? 0;
    sum +=
      slope * (covariates[index] ?? 0) + (slope ** 2 / 2) * ((variances[index] ?? 0) - slopeSpread ** -2);
  }
  return sum;
}

function newtonStep(
  { days, first, second }: Moments,
  { baseline, covariates, variances }: BaselineCredit,
  slopeSpread: number,
  slopes: Float64Array,
): Float64Array {
  const size = slopes.length;
  const mean = first.map((one) => one / days);
  const ridge = (index: number) => slopeSpread ** -2 - (variances[index] ?? 0);
  const uphill = slopes.map(
    (slope, row) => (covariates[row] ?? 0) - baseline * (mean[row] ?? 0) - slope * ridge(row),
  );
  const bend = second.map((one, cell) => {
    const row = Math.floor(cell / size);
    const column = cell % size;
    const spread = one / days - (mean[row] ?? 0) * (mean[column] ?? 0);
    return baseline * spread + (row === column ? ridge(row) : 0);
  });
  return solve(bend, uphill);
}
