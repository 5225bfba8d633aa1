/** The fit: from observations to draws of the posterior. */
import type { Covariate, Observations } from '../hazard/observations.ts';
import { converge } from './converge.ts';
import { prepare, type Touched, touchedOf } from './ground.ts';
import { type PosteriorOptions, type Progress, usualPosterior } from './options.ts';
import type { PosteriorFit } from './parameters.ts';
import { summaryOf } from './summary.ts';

/**
 * Fits the additive hazard (see `parameters.ts`) to people watched in days, by Gibbs sampling. The same observations
 * and options give the same bits. A fit whose chains have not converged says so in `diagnostics`: do not apply it.
 *
 * @param observations at least one conversion and one watched day: see `assertFittable`; times in days
 */
export function fitPosterior(
  observations: Observations,
  options: Partial<PosteriorOptions> = {},
  progress?: Progress,
): PosteriorFit {
  const settings = { ...usualPosterior, ...options };
  return fitTouched(touchedOf(observations, settings), observations.covariates, settings, progress);
}

/** The same where several fits share what touches come to. */
export function fitTouched(
  touched: Touched,
  covariates: readonly Covariate[],
  options: PosteriorOptions,
  progress?: Progress,
): PosteriorFit {
  const prepared = prepare(touched, covariates, options);
  return summaryOf({ touched, prepared, ...converge(touched, prepared, progress) });
}
