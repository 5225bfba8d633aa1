/**
 * One resample: every person counts a Poisson(1) number of times, and the fit is done again (Poisson bootstrap:
 * Hanley and MacGibbon 2006). People are drawn, not touches: a person's touches belong together.
 */
import type { Patience } from '../hazard/ascend.ts';
import { type Basis, fitBasis } from '../hazard/fit.ts';
import { numbersOf } from '../hazard/parameters.ts';
import type { Sample } from '../hazard/sample.ts';
import { weigh } from '../hazard/weights.ts';
import { Random } from '../random.ts';

export interface Resample {
  /** As `numbersOf` has them. */
  readonly numbers: readonly number[];
  /** Of each channel, in order, and of the baseline last. */
  readonly shares: readonly number[];
  /** How often it was drawn again: a draw without a conversion, or of nobody who was watched, says nothing. */
  readonly redrawn: number;
}

/** A resample need not be sharper than the noise it is there to show. */
const patience: Patience = { tolerance: 1e-3, mostRounds: 500 };

/** Resample number `index` of this seed: the same wherever and whenever it is made. */
export function resample(basis: Basis, seed: number, index: number): Resample {
  const { weights, redrawn } = tellingWeights(basis.sample, seed, index);
  const { parameters, shares } = fitBasis(basis, patience, weigh(basis.sample, weights));
  return { numbers: numbersOf(parameters), shares: [...shares.channels, shares.baseline], redrawn };
}

/** Of a sample that can be fitted, two draws in five can be, also where there are two people: see `assertFittable`. */
const mostDraws = 1_000;

/** The first draw that can be fitted. */
function tellingWeights(
  sample: Sample,
  seed: number,
  index: number,
): { readonly weights: Float64Array; readonly redrawn: number } {
  for (let redrawn = 0; redrawn < mostDraws; redrawn += 1) {
    const weights = poissonWeights(sample.days.length, seed, index, redrawn);
    if (canBeFitted(sample, weights)) return { weights, redrawn };
  }
  throw new RangeError('a sample without a conversion or without a watched day has no resamples');
}

function canBeFitted({ conversions, days }: Sample, weights: Float64Array): boolean {
  const converted = conversions.person.some((one) => (weights[one] ?? 0) > 0);
  return converted && days.some((watched, person) => watched > 0 && (weights[person] ?? 0) > 0);
}

/** How often each person counts in resample number `index`, when it is drawn for the first time or again. */
export function poissonWeights(people: number, seed: number, index: number, redrawn = 0): Float64Array {
  const random = redrawn === 0 ? new Random(seed, index) : new Random(seed, index, redrawn);
  const weights = new Float64Array(people);
  for (let person = 0; person < people; person += 1) weights[person] = poisson(random.uniform());
  return weights;
}

/** P(Poisson(1) ≤ n). */
const cumulative = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5_040, 1 / 40_320].map(
  (_, last, terms) => terms.slice(0, last + 1).reduce((sum, term) => sum + term, 0) / Math.E,
);

function poisson(uniform: number): number {
  const count = cumulative.findIndex((bound) => uniform < bound);
  return count < 0 ? cumulative.length : count;
}
