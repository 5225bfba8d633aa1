/**
 * How well a fit speaks of people whom it has not seen: a part of them is held out, the others are fitted, and what
 * happened to the held-out is put beside what was to be expected.
 */
import type { Observations } from '../hazard/observations.ts';
import type { HazardParameters } from '../hazard/parameters.ts';
import { hazardOf } from '../hazard/rate.ts';
import { selected } from '../hazard/selected.ts';
import { Random } from '../random.ts';
import { historyOf } from './people.ts';

export interface Halves {
  readonly fitted: Observations;
  readonly heldOut: Observations;
}

/** Keeps them apart from the draws of other uses of the same seed. */
const topic = 0x48_4f;

/** Holds out a part of the people by lot; the same seed, the same people. */
export function holdOut(observations: Observations, part: number, seed: number): Halves {
  const drawn = Uint8Array.from(observations.end, (_, person) =>
    new Random(seed, topic, person).uniform() < part ? 1 : 0,
  );
  return {
    fitted: selected(observations, (person) => drawn[person] === 0),
    heldOut: selected(observations, (person) => drawn[person] === 1),
  };
}

/**
 * By person: minus the log likelihood of what happened to them, in nats (Λ − log λ for a conversion, Λ without one).
 * Lower is better; only differences between fits on the same people mean something.
 */
export function logLosses(parameters: HazardParameters, observations: Observations): Float64Array {
  const hazard = hazardOf(parameters);
  return observations.end.map((_, person) => {
    const history = historyOf(observations, person);
    const expected = hazard.expected(history).whole;
    return observations.converted[person] === 1 ? expected - Math.log(hazard.rate(history).whole) : expected;
  });
}

/** The losses of one rate for everybody: what a model without touches would give. */
export function plainLosses({ fitted, heldOut }: Halves): Float64Array {
  const conversions = fitted.converted.reduce((sum, one) => sum + one, 0);
  const rate = conversions / fitted.end.reduce((sum, days) => sum + days, 0);
  return heldOut.end.map(
    (days, person) => rate * days - (heldOut.converted[person] === 1 ? Math.log(rate) : 0),
  );
}

/** By how much the first losses exceed the second on average, with the standard error of that. */
export interface LossDifference {
  readonly mean: number;
  readonly error: number;
}

/** Both of the same people, in the same order. */
export function lossDifference(first: Float64Array, second: Float64Array): LossDifference {
  const differences = first.map((loss, person) => loss - (second[person] ?? 0));
  const count = differences.length;
  const mean = meanOf(differences);
  const variance = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(count - 1, 1);
  return { mean, error: Math.sqrt(variance / Math.max(count, 1)) };
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
