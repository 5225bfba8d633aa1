/** What the hub asks of a model that comes from data: to be fitted, and to be applied years later. */
import type { Observations } from '../../attribution/hazard/observations.ts';
import type { Model } from '../../attribution/model.ts';
import type { Fit } from '../../store/contract.ts';
import type { JsonObject } from '../../support/json.ts';

export interface TrainingPlan {
  readonly resamples: number;
  readonly seed: number;
  readonly lookbackDays: number;
}

/** A figure that says how good a fit is, and whether that is good enough. */
export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** One sentence with the numbers. */
  readonly words: string;
}

export interface Trained {
  /** All that is needed to apply the fit. */
  readonly snapshot: JsonObject;
  /** Of all conversions, by channel; `baseline` for what would have come anyway. */
  readonly shares: Readonly<Record<string, number>>;
  /** How often each channel touched anybody, as parts of all touches. */
  readonly mix: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
  readonly checks: readonly Check[];
}

export interface FittedKind {
  readonly id: string;
  readonly title: string;
  /** Pure and slow. */
  train(observations: Observations, plan: TrainingPlan): Trained;
  model(fit: Fit): Model;
}
