/**
 * Logistic regression on features that a journey has or has not, with a normal prior for each weight: the most
 * probable weights by Newton's method, and what the evidence needs of the curvature there.
 */
import { cholesky, inverseDiagonal, logRootDeterminant, solveCholesky } from './cholesky.ts';

/** Journeys with the same features. */
export interface Trial {
  /** Weights that count for it, each once. */
  readonly features: readonly number[];
  readonly conversions: number;
  readonly nulls: number;
}

/** By weight. A precision of 0 leaves a weight free. */
export interface Prior {
  readonly mean: Float64Array;
  readonly precision: Float64Array;
}

export interface Logistic {
  readonly weights: Float64Array;
  /** Posterior variance of each weight, by the curvature at the top. */
  readonly variance: Float64Array;
  /** Log of the probability of the outcomes with the weights integrated out (Laplace), up to a constant. */
  readonly evidence: number;
}

const mostSteps = 60;
/** Of what a step gains in log probability: below it one full step more is the last, as each doubles the digits. */
const nearTheTop = 1e-4;
/** Keeps the curvature invertible where nothing is known of a weight. */
const leastPrecision = 1e-6;

/** @param start where to begin; the nearer, the fewer steps */
export function fitLogistic(trials: readonly Trial[], prior: Prior, start: Float64Array): Logistic {
  const precision = prior.precision.map((one) => Math.max(one, leastPrecision));
  const sound = { mean: prior.mean, precision };
  let weights = Float64Array.from(start);
  let height = logPosterior(trials, sound, weights);
  for (let step = 0; step < mostSteps; step += 1) {
    const { gradient, curvature } = slopeAt(trials, sound, weights);
    const move = solveCholesky(cholesky(curvature, weights.length), gradient);
    const gain = gradient.reduce((sum, slope, at) => sum + slope * (move[at] ?? 0), 0);
    if (gain < nearTheTop) {
      weights = weights.map((weight, at) => weight + (move[at] ?? 0));
      height = logPosterior(trials, sound, weights);
      break;
    }
    ({ weights, height } = climb(trials, sound, { weights, height }, move));
  }
  const { curvature } = slopeAt(trials, sound, weights);
  const factor = cholesky(curvature, weights.length);
  const priorLog = precision.reduce((sum, one) => sum + Math.log(one) / 2, 0);
  return {
    weights,
    variance: inverseDiagonal(factor, weights.length),
    evidence: height + priorLog - logRootDeterminant(factor, weights.length),
  };
}

interface Place {
  readonly weights: Float64Array<ArrayBuffer>;
  readonly height: number;
}

/** Along the move, half as far each time until it is uphill. */
function climb(
  trials: readonly Trial[],
  prior: Prior,
  { weights, height }: Place,
  move: Float64Array,
): Place {
  for (let share = 1; share > 1e-6; share /= 2) {
    const next = weights.map((weight, at) => weight + share * (move[at] ?? 0));
    const reached = logPosterior(trials, prior, next);
    if (reached >= height) return { weights: next, height: reached };
  }
  return { weights, height };
}

function logit({ features }: Pick<Trial, 'features'>, weights: Float64Array): number {
  let sum = 0;
  for (const feature of features) sum += weights[feature] ?? 0;
  return sum;
}

export function chance(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

function logPosterior(trials: readonly Trial[], { mean, precision }: Prior, weights: Float64Array): number {
  let sum = 0;
  for (const trial of trials) {
    const score = logit(trial, weights);
    sum -= (trial.conversions + trial.nulls) * softplus(-score) + trial.nulls * score;
  }
  for (let at = 0; at < weights.length; at += 1)
    sum -= ((precision[at] ?? 0) * ((weights[at] ?? 0) - (mean[at] ?? 0)) ** 2) / 2;
  return sum;
}

/** log(1 + e^x). */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

interface Slope {
  readonly gradient: Float64Array;
  /** Negative second derivatives, row by row. */
  readonly curvature: Float64Array;
}

function slopeAt(trials: readonly Trial[], { mean, precision }: Prior, weights: Float64Array): Slope {
  const size = weights.length;
  const gradient = weights.map((weight, at) => (precision[at] ?? 0) * ((mean[at] ?? 0) - weight));
  const curvature = new Float64Array(size * size);
  for (let at = 0; at < size; at += 1) curvature[at * size + at] = precision[at] ?? 0;
  for (const trial of trials) {
    const all = trial.conversions + trial.nulls;
    const expected = chance(logit(trial, weights));
    const excess = trial.conversions - all * expected;
    const spread = all * expected * (1 - expected);
    for (const one of trial.features) {
      gradient[one] = (gradient[one] ?? 0) + excess;
      for (const other of trial.features) {
        const cell = one * size + other;
        curvature[cell] = (curvature[cell] ?? 0) + spread;
      }
    }
  }
  return { gradient, curvature };
}
