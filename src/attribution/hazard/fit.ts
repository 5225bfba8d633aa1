/** The fit: from observations to parameters and shares. */
import { ascend, type Patience, patient } from './ascend.ts';
import { fitIntent } from './intent/fit.ts';
import type { IntentModel } from './intent/model.ts';
import { intentColumn } from './intent/scores.ts';
import type { Observations } from './observations.ts';
import type { HazardParameters } from './parameters.ts';
import { partsOf, pointOf } from './point.ts';
import { type PriorSettings, pooledPrior, usualPrior } from './pooled.ts';
import type { Prior } from './prior.ts';
import { prepare, type Sample } from './sample.ts';
import { thinned } from './selected.ts';
import { type Shares, sharesOf } from './shares.ts';
import { type Scale, scaleOf, standardized } from './standardized.ts';
import { stateAt } from './state.ts';
import { type WeightedSample, weigh } from './weights.ts';

export interface HazardSettings {
  readonly prior: PriorSettings;
  /** Whether to look for intent in the touches. It is used only where there is evidence of it. */
  readonly intent: boolean;
  readonly patience: Patience;
}

export const usualSettings: HazardSettings = { prior: usualPrior, intent: true, patience: patient };

export interface HazardFit {
  readonly parameters: HazardParameters;
  readonly shares: Shares;
  readonly conversions: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
  /** What resamples start from. */
  readonly basis: Basis;
}

/** A sample with all that is needed to fit it, or a resample of it, once more. */
export interface Basis {
  readonly sample: Sample;
  readonly prior: Prior;
  readonly start: Float64Array;
  readonly names: Names;
}

/** What the numbers of a point belong to. */
export interface Names {
  readonly channels: readonly string[];
  readonly scales: readonly Scale[];
  readonly intent?: IntentModel;
}

/** People who are enough to learn the pulls of channels from: their touches are many times as many. */
const enoughPeople = 50_000;

/**
 * Fits the additive hazard (Zhang, Wei, Ren 2014; see `parameters.ts`) to people watched in days, by EM. The same
 * observations give the same bits.
 *
 * @param observations at least one conversion and one watched day: see `assertFittable`; columns are not copied
 * @returns parameters in days and conversions; shares of all conversions, baseline included, that sum to 1
 */
export function fitHazard(observations: Observations, settings: HazardSettings = usualSettings): HazardFit {
  const scales = observations.covariates.map(scaleOf);
  const columns = standardized(observations.covariates, scales);
  const sample = prepare(
    observations,
    columns.map((values) => ({ values })),
  );
  const prior = pooledPrior(sample, settings.prior);
  const names = { channels: observations.channels, scales };
  const plain = fitBasis({ sample, prior, names, start: startOf(sample, prior) }, settings.patience);
  const knowing = settings.intent ? withIntent(plain.basis, observations) : null;
  if (!knowing) return plain;
  const fit = fitBasis(knowing, settings.patience);
  return fit.logLikelihood - plain.logLikelihood > evidence(plain.conversions) ? fit : plain;
}

/** One parameter more must raise the log likelihood by this (BIC: Schwarz 1978), and by 2 where data are few. */
function evidence(conversions: number): number {
  return Math.max(2, Math.log(conversions) / 2);
}

/** Null where the touches tell of no intent. */
function withIntent(plain: Basis, observations: Observations): Basis | null {
  if (observations.channel.length === 0) return null;
  const { scales } = plain.names;
  const few = thinned(observations, enoughPeople);
  const intent = fitIntent(few, standardized(few.covariates, scales));
  if (!intent) return null;
  const column = intentColumn(intent, observations, standardized(observations.covariates, scales));
  const sample = { ...plain.sample, covariates: [...plain.sample.covariates, column] };
  const parts = partsOf(plain.start, sample.channels);
  const start = pointOf({ ...parts, slopes: Float64Array.of(...parts.slopes, firstSlope) });
  return { ...plain, sample, start, names: { ...plain.names, intent } };
}

/** Not 0, where more and less intent look the same. */
const firstSlope = 0.3;

/** Fits a sample, or a resample of it by `weighted`. */
export function fitBasis(
  basis: Basis,
  patience: Patience,
  weighted: WeightedSample = weigh(basis.sample),
): HazardFit {
  const { sample, prior, start, names } = basis;
  const ascent = ascend(stateAt(start, weighted), weighted, prior, patience);
  const { point } = ascent.state;
  return {
    parameters: parametersOf(point, basis),
    shares: sharesOf(ascent.expected),
    conversions: weighted.conversions,
    logLikelihood: ascent.expected.logLikelihood,
    converged: ascent.converged,
    basis: { sample, prior, names, start: point },
  };
}

/** Every channel as the prior has it, half of all conversions anyway. */
function startOf({ channels, covariates, days, conversions }: Sample, prior: Prior): Float64Array {
  const watched = days.reduce((sum, one) => sum + one, 0);
  return pointOf({
    logBaseline: Float64Array.of(Math.log(conversions.person.length / 2 / watched)),
    slopes: new Float64Array(covariates.length),
    logEffects: new Float64Array(channels).fill(Math.log(prior.effect)),
    logDecays: new Float64Array(channels).fill(prior.logDecay),
  });
}

function parametersOf(point: Float64Array, { names, prior }: Basis): HazardParameters {
  const { channels, scales, intent } = names;
  const { logBaseline, slopes, logEffects, logDecays } = partsOf(point, channels.length);
  return {
    baseline: Math.exp(logBaseline[0] ?? 0),
    covariates: scales.map((scale, index) => ({ ...scale, slope: slopes[index] ?? 0 })),
    channels: channels.map((name, channel) => ({
      name,
      effect: Math.exp(logEffects[channel] ?? 0),
      halfLifeDays: halfLifeDays(logDecays[channel] ?? 0),
    })),
    unseen: { effect: prior.effect, halfLifeDays: halfLifeDays(prior.logDecay) },
    intent: intent ? { ...intent, slope: slopes[scales.length] ?? 0 } : null,
  };
}

function halfLifeDays(logDecay: number): number {
  return Math.LN2 / Math.exp(logDecay);
}
