/**
 * What is thought of a channel before its data speak: that it is like the average channel. Rare channels stay near
 * that; a channel with a hundred conversions to its name hardly feels it.
 */
import { partsOf } from './point.ts';

export interface Prior {
  /** Effect of an average touch, in conversions. */
  readonly effect: number;
  /** How many conversions' worth of evidence that is. 0, for no prior, needs touches that had time to work. */
  readonly effectWeight: number;
  /** Log of the average decay rate ω. */
  readonly logDecay: number;
  /** Standard deviation of the log decay rates. Infinite: no prior on half-lives. */
  readonly logDecaySpread: number;
  /** Standard deviation of the slopes of standardized covariates. Infinite: none. */
  readonly slopeSpread: number;
  /** Half-lives, in days, that a fit may give. A touch in the very moment of conversion would else pull to 0. */
  readonly halfLives: { readonly least: number; readonly most: number };
}

/** Log density of a point, up to a constant: gamma on effects, normal on log decays and on slopes. */
export function logPrior(prior: Prior, point: Float64Array, channels: number): number {
  const { slopes, logEffects, logDecays } = partsOf(point, channels);
  let sum = 0;
  for (const one of logEffects) sum += prior.effectWeight * (one - Math.exp(one) / prior.effect);
  for (const one of logDecays) sum -= ((one - prior.logDecay) / prior.logDecaySpread) ** 2 / 2;
  for (const one of slopes) sum -= (one / prior.slopeSpread) ** 2 / 2;
  return sum;
}

export function withinHalfLives(logDecay: number, { halfLives }: Prior): number {
  const least = Math.log(Math.LN2 / halfLives.most);
  const most = Math.log(Math.LN2 / halfLives.least);
  return Math.max(least, Math.min(most, logDecay));
}
