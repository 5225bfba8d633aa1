/** Expectation and maximization: one round of the fit, which never lowers the log posterior. */
import { improveSlopes } from './baseline.ts';
import { type Expected, expectation } from './expectation.ts';
import { improve } from './fading.ts';
import { partsOf } from './point.ts';
import { logPrior, type Prior } from './prior.ts';
import type { State } from './state.ts';
import type { WeightedSample } from './weights.ts';

/** A point with what it makes of the conversions. */
export interface Judged {
  readonly state: State;
  readonly expected: Expected;
  /** Log likelihood plus log prior. */
  readonly logPosterior: number;
}

export function judge(state: State, weighted: WeightedSample, prior: Prior): Judged {
  const expected = expectation(state, weighted);
  const logPosterior = expected.logLikelihood + logPrior(prior, state.point, weighted.sample.channels);
  return { state, expected, logPosterior };
}

/** No baseline is smaller, so that its logarithm stays a number. */
const leastBaseline = 1e-100;

/** The next point of EM. */
export function step({ state, expected }: Judged, weighted: WeightedSample, prior: Prior): State {
  const { channels } = weighted.sample;
  const point = Float64Array.from(state.point);
  const exposure = new Float64Array(channels);
  const { logBaseline, slopes, logEffects, logDecays } = partsOf(point, channels);
  const { baseline, credits, agedCredits } = expected;
  const people = improveSlopes(weighted, expected, prior.slopeSpread, slopes);
  logBaseline[0] = Math.log(Math.max(baseline / people.personDays, leastBaseline));
  slopes.set(people.slopes);
  for (let channel = 0; channel < channels; channel += 1) {
    const own = { channel, credit: credits[channel] ?? 0, agedCredit: agedCredits[channel] ?? 0 };
    const next = improve(weighted, own, prior, logDecays[channel] ?? 0);
    logEffects[channel] = next.logEffect;
    logDecays[channel] = next.logDecay;
    exposure[channel] = next.exposure;
  }
  return { point, exposure, personDays: people.personDays };
}
