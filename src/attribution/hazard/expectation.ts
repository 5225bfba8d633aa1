/**
 * The E step: how much of each conversion every source is held to have caused. By Bayes' rule a source's part is its
 * part of the rate at the moment of conversion.
 */
import { lean } from './baseline.ts';
import { partsOf } from './point.ts';
import type { Sample } from './sample.ts';
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

/** One walk over the conversions; people who count zero times are passed over. */
export function expectation(state: State, { sample, weights }: WeightedSample): Expected {
  const tally = new Tally(state, sample);
  const { person } = sample.conversions;
  for (let conversion = 0; conversion < person.length; conversion += 1) {
    const weight = weights[person[conversion] ?? 0] ?? 0;
    if (weight > 0) tally.add(conversion, weight);
  }
  return tally.expected();
}

/** Adds up conversions, one after the other. */
class Tally {
  readonly #state: State;
  readonly #sample: Sample;
  readonly #slopes: Float64Array;
  readonly #logBaseline: number;
  /** By channel: ω, and the rate β ω that a touch adds at once. */
  readonly #decays: Float64Array;
  readonly #heights: Float64Array;
  /** By touch of the conversion at hand. */
  readonly #rates: Float64Array;
  readonly #credits: Float64Array;
  readonly #agedCredits: Float64Array;
  readonly #covariates: Float64Array;
  readonly #variances: Float64Array;
  #baseline = 0;
  #logRates = 0;

  constructor(state: State, sample: Sample) {
    const { logBaseline, slopes, logEffects, logDecays } = partsOf(state.point, sample.channels);
    this.#state = state;
    this.#sample = sample;
    this.#slopes = slopes;
    this.#logBaseline = logBaseline[0] ?? 0;
    this.#decays = logDecays.map(Math.exp);
    this.#heights = logEffects.map((logEffect, channel) => Math.exp(logEffect + (logDecays[channel] ?? 0)));
    this.#rates = new Float64Array(mostTouches(sample));
    this.#credits = new Float64Array(sample.channels);
    this.#agedCredits = new Float64Array(sample.channels);
    this.#covariates = new Float64Array(slopes.length);
    this.#variances = new Float64Array(slopes.length);
  }

  add(conversion: number, weight: number): void {
    const { person, starts } = this.#sample.conversions;
    const from = starts[conversion] ?? 0;
    const to = starts[conversion + 1] ?? 0;
    const one = person[conversion] ?? 0;
    const anyway = Math.exp(this.#logBaseline + lean(this.#slopes, this.#sample.covariates, one));
    const rate = anyway + this.#rate(from, to);
    this.#creditTouches(from, to, weight / rate);
    this.#creditBaseline(one, (anyway * weight) / rate);
    this.#logRates += weight * Math.log(rate);
  }

  expected(): Expected {
    return {
      logLikelihood: this.#logRates - integral(this.#state, this.#sample.channels),
      baseline: this.#baseline,
      covariates: this.#covariates,
      variances: this.#variances,
      credits: this.#credits,
      agedCredits: this.#agedCredits,
    };
  }

  /** What touches add to the rate at the conversion. */
  #rate(from: number, to: number): number {
    const { channel, age } = this.#sample.conversions;
    let sum = 0;
    for (let touch = from; touch < to; touch += 1) {
      const id = channel[touch] ?? 0;
      const rate = (this.#heights[id] ?? 0) * Math.exp(-(this.#decays[id] ?? 0) * (age[touch] ?? 0));
      this.#rates[touch - from] = rate;
      sum += rate;
    }
    return sum;
  }

  #creditTouches(from: number, to: number, scale: number): void {
    const { channel, age } = this.#sample.conversions;
    for (let touch = from; touch < to; touch += 1) {
      const id = channel[touch] ?? 0;
      const credit = (this.#rates[touch - from] ?? 0) * scale;
      this.#credits[id] = (this.#credits[id] ?? 0) + credit;
      this.#agedCredits[id] = (this.#agedCredits[id] ?? 0) + credit * (age[touch] ?? 0);
    }
  }

  #creditBaseline(person: number, credit: number): void {
    this.#baseline += credit;
    for (let index = 0; index < this.#slopes.length; index += 1) {
      const column = this.#sample.covariates[index];
      this.#covariates[index] = (this.#covariates[index] ?? 0) + credit * (column?.values[person] ?? 0);
      this.#variances[index] = (this.#variances[index] ?? 0) + credit * (column?.variance?.[person] ?? 0);
    }
  }
}

/** Expected conversions over all the time that people were watched. */
function integral({ point, exposure, personDays }: State, channels: number): number {
  const { logBaseline, logEffects } = partsOf(point, channels);
  return logEffects.reduce(
    (sum, logEffect, channel) => sum + Math.exp(logEffect) * (exposure[channel] ?? 0),
    Math.exp(logBaseline[0] ?? 0) * personDays,
  );
}

function mostTouches({ conversions: { starts } }: Sample): number {
  let most = 0;
  for (let one = 1; one < starts.length; one += 1)
    most = Math.max(most, (starts[one] ?? 0) - (starts[one - 1] ?? 0));
  return most;
}
