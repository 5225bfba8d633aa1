/**
 * The E step: how much of each conversion every source is held to have caused. By Bayes' rule a source's part is its
 * part of the rate at the moment of conversion.
 */
import { lean } from './baseline.ts';
import { partsOf } from './point.ts';
import type { State } from './state.ts';
import type { WeightedSample } from './weights.ts';

export interface Expected {
  /** Σ over conversions of log λ − Σ over people of ∫ λ. */
  readonly logLikelihood: number;
  /** Conversions that would have come anyway. */
  readonly baseline: number;
  /** Those, times each covariate. */
  readonly covariates: Float64Array;
  /** Those, times the variance of each covariate. */
  readonly variances: Float64Array;
  /** Conversions credited to each channel. */
  readonly credits: Float64Array;
  /** Those, times the days since the touch. */
  readonly agedCredits: Float64Array;
}

export function expect(state: State, weighted: WeightedSample): Expected {
  const { sample, weights } = weighted;
  const { person, starts, channel, age } = sample.conversions;
  const { logBaseline, slopes, logEffects, logDecays } = partsOf(state.point, sample.channels);
  const logBase = logBaseline[0] ?? 0;
  const credits = new Float64Array(sample.channels);
  const agedCredits = new Float64Array(sample.channels);
  const covariates = new Float64Array(slopes.length);
  const variances = new Float64Array(slopes.length);
  const decays = logDecays.map(Math.exp);
  const heights = logEffects.map((logEffect, one) => Math.exp(logEffect + (logDecays[one] ?? 0)));
  const rates = new Float64Array(longest(starts));
  let baseline = 0;
  let logRates = 0;
  for (let conversion = 0; conversion < person.length; conversion += 1) {
    const one = person[conversion] ?? 0;
    const weight = weights[one] ?? 0;
    if (weight === 0) continue;
    const from = starts[conversion] ?? 0;
    const to = starts[conversion + 1] ?? 0;
    const anyway = Math.exp(logBase + lean(slopes, sample.covariates, one));
    let rate = anyway;
    for (let touch = from; touch < to; touch += 1) {
      const id = channel[touch] ?? 0;
      const part = (heights[id] ?? 0) * Math.exp(-(decays[id] ?? 0) * (age[touch] ?? 0));
      rates[touch - from] = part;
      rate += part;
    }
    const scale = weight / rate;
    for (let touch = from; touch < to; touch += 1) {
      const id = channel[touch] ?? 0;
      const credit = (rates[touch - from] ?? 0) * scale;
      credits[id] = (credits[id] ?? 0) + credit;
      agedCredits[id] = (agedCredits[id] ?? 0) + credit * (age[touch] ?? 0);
    }
    const own = anyway * scale;
    baseline += own;
    for (let index = 0; index < slopes.length; index += 1) {
      const column = sample.covariates[index];
      covariates[index] = (covariates[index] ?? 0) + own * (column?.values[one] ?? 0);
      variances[index] = (variances[index] ?? 0) + own * (column?.variance?.[one] ?? 0);
    }
    logRates += weight * Math.log(rate);
  }
  const logLikelihood = logRates - integral(state, weighted);
  return { logLikelihood, baseline, covariates, variances, credits, agedCredits };
}

/** Expected conversions over all the time that people were watched. */
function integral({ point, exposure, personDays }: State, { sample }: WeightedSample): number {
  const { logBaseline, logEffects } = partsOf(point, sample.channels);
  return logEffects.reduce(
    (sum, logEffect, channel) => sum + Math.exp(logEffect) * (exposure[channel] ?? 0),
    Math.exp(logBaseline[0] ?? 0) * personDays,
  );
}

function longest(starts: Int32Array): number {
  let most = 0;
  for (let one = 1; one < starts.length; one += 1)
    most = Math.max(most, (starts[one] ?? 0) - (starts[one - 1] ?? 0));
  return most;
}
