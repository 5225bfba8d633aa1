/** Covariates in comparable units, so that one prior fits all and the baseline stays that of an average person. */
import { knownOf } from '../category.ts';
import type { Covariate } from './observations.ts';

export interface Scale {
  readonly name: string;
  readonly mean: number;
  /** Standard deviation; 1 for a covariate that is the same for everybody. */
  readonly deviation: number;
}

export function scaleOf({ name, values }: Covariate): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  return { name, mean, deviation: deviation > Math.abs(mean) * 1e-12 ? deviation : 1 };
}

export function scaled(value: number, { mean, deviation }: Scale): number {
  return (value - mean) / deviation;
}

/** What is known of a journey, in these units; the mean, 0, where nothing is. */
export function scaledIn(known: Readonly<Record<string, number>> | undefined, scale: Scale): number {
  return scaled(knownOf(known, scale.name) ?? scale.mean, scale);
}

/** The covariates by these scales, which may come from another population. */
export function standardized(covariates: readonly Covariate[], scales: readonly Scale[]): Float64Array[] {
  return scales.map((scale) => {
    const own = covariates.find(({ name }) => name === scale.name);
    if (!own) throw new RangeError(`there is no covariate ${scale.name}`);
    return own.values.map((value) => scaled(value, scale));
  });
}
