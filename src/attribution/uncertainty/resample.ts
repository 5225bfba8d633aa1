/**
 * One resample: every person counts a Poisson(1) number of times, and the fit is done again (Poisson bootstrap:
 * Hanley and MacGibbon 2006). People are drawn, not touches: a person's touches belong together.
 */
import type { Patience } from '../hazard/ascend.ts';
import { type Basis, fitBasis } from '../hazard/fit.ts';
import { numbersOf } from '../hazard/parameters.ts';
import { weigh } from '../hazard/weights.ts';
import { Random } from '../random.ts';

export interface Resample {
  /** As `numbersOf` has them. */
  readonly numbers: readonly number[];
  /** Of each channel, in order, and of the baseline last. */
  readonly shares: readonly number[];
}

/** A resample need not be sharper than the noise it is there to show. */
const patience: Patience = { tolerance: 1e-3, mostRounds: 500 };

/** Resample number `index` of this seed: the same wherever and whenever it is made. */
export function resample(basis: Basis, seed: number, index: number): Resample {
  const weights = poissonWeights(basis.sample.days.length, seed, index);
  const { parameters, shares } = fitBasis(basis, patience, weigh(basis.sample, weights));
  return { numbers: numbersOf(parameters), shares: [...shares.channels, shares.baseline] };
}

/** How often each person counts in resample number `index`. */
export function poissonWeights(people: number, seed: number, index: number): Float64Array {
  const random = new Random(seed, index);
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
