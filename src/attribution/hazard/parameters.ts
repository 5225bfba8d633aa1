/**
 * The additive hazard. A person's conversion rate at time t, per day, is
 *
 *   λ(t) = μ exp(γ·x + b v) + Σ over earlier touches i of β ω exp(−ω (t − tᵢ))   (β, ω of the touch's channel)
 *
 * the baseline (what comes anyway; covariates x and intent v move it) plus what each touch adds: β conversions per
 * touch in the long run, fading with half-life ln 2 / ω. The part of a touch in a conversion is its part of λ then.
 *
 * Zhang, Wei, Ren 2014, "Multi-touch attribution in online advertising with survival theory" (an additive hazard of
 * touches with exponential fading); with a baseline, because without one every conversion is somebody's merit.
 */
import type { IntentModel } from './intent/model.ts';
import type { Scale } from './standardized.ts';

/** Plain JSON: a fit is kept as this. */
export interface HazardParameters {
  /** μ: conversions per day without any touch, where covariates are at their means and v is 0. */
  readonly baseline: number;
  readonly covariates: readonly CovariateSlope[];
  readonly channels: readonly ChannelEffect[];
  /** What a touch of a channel does that the fit has not seen: the average. */
  readonly unseen: TouchEffect;
  /** Null where touches tell of no intent, or intent of no conversions. */
  readonly intent: IntentEffect | null;
}

export interface CovariateSlope extends Scale {
  /** γ: per standard deviation. */
  readonly slope: number;
}

export interface ChannelEffect extends TouchEffect {
  readonly name: string;
}

export interface TouchEffect {
  /** β: conversions that one touch brings in the long run. */
  readonly effect: number;
  /** ln 2 / ω. */
  readonly halfLifeDays: number;
}

export interface IntentEffect extends IntentModel {
  /** b: by how much one standard deviation of intent moves the log of the baseline. */
  readonly slope: number;
}

/**
 * The numbers that a resample moves, in one row: μ, slopes (intent last), effects, half-lives. Everything else of
 * the parameters stays.
 */
export function numbersOf({ baseline, covariates, intent, channels }: HazardParameters): number[] {
  return [
    baseline,
    ...covariates.map(({ slope }) => slope),
    ...(intent ? [intent.slope] : []),
    ...channels.map(({ effect }) => effect),
    ...channels.map(({ halfLifeDays }) => halfLifeDays),
  ];
}

/** The parameters with other numbers. */
export function withNumbers(parameters: HazardParameters, numbers: readonly number[]): HazardParameters {
  const { covariates, channels, intent } = parameters;
  const at = (index: number) => numbers[index] ?? 0;
  const effects = 1 + covariates.length + (intent ? 1 : 0);
  return {
    ...parameters,
    baseline: at(0),
    covariates: covariates.map((covariate, index) => ({ ...covariate, slope: at(1 + index) })),
    channels: channels.map(({ name }, index) => ({
      name,
      effect: at(effects + index),
      halfLifeDays: at(effects + channels.length + index),
    })),
    intent: intent && { ...intent, slope: at(effects - 1) },
  };
}
