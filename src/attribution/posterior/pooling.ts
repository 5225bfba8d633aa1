/**
 * Last step of a sweep: what channels have in common. How strong their effects are and how far apart, and how long they
 * last: learnt over all of them, so that a rare channel is thought to be like the others.
 */
import type { Random } from '../random.ts';
import { gamma, logGamma } from './draws.ts';
import { shapes } from './kernels.ts';
import type { Ground, Pool, State } from './state.ts';

/** Half of the effect within a tenth of the longest watch, give or take a factor of e. */
const typicalPart = 0.1;

export function firstPool(ground: Ground): Pool {
  const { longest, options } = ground;
  return {
    shape: 1,
    rate: 1 / evenShare(ground),
    mean: Math.log(longest * typicalPart),
    spread: 1,
    shapes: Float64Array.from(shapes, ({ prior }) => prior),
    tirings: Float64Array.from(options.tiring ? tiringPriors : [1, 0, 0]),
  };
}

const tiringPriors: readonly number[] = [0.6, 0.2, 0.2];

/** What a touch would do if all conversions were those of touches. */
export function evenShare({ sample }: Ground): number {
  return sample.conversions.person.length / Math.max(sample.touches, 1);
}

export function drawPool(ground: Ground, state: State, random: Random): void {
  drawEffects(ground, state, random);
  drawHalfLives(ground, state, random);
}

/** Steps of the shape in one sweep. */
const shapeTurns = 4;

/** The shape by random steps of its logarithm with the rate summed out, then the rate; the shape is thought to be about 1. */
function drawEffects(ground: Ground, { pool, effects }: State, random: Random): void {
  const channels = effects.length;
  const { loudness } = ground.sample;
  const sum = evenShare(ground) + effects.reduce((all, one, group) => all + one * (loudness[group] ?? 1), 0);
  const logs = effects.reduce((all, one, group) => all + Math.log(one * (loudness[group] ?? 1)), 0);
  const height = (shape: number) =>
    logGamma(1 + channels * shape) -
    (1 + channels * shape) * Math.log(sum) -
    channels * logGamma(shape) +
    shape * logs -
    shape +
    Math.log(shape);
  for (let turn = 0; turn < shapeTurns; turn += 1) {
    const next = pool.shape * Math.exp(0.8 * random.normal());
    if (next < 0.05 || next > 20) continue;
    if (Math.log(random.uniform()) < height(next) - height(pool.shape)) pool.shape = next;
  }
  pool.rate = gamma(random, 1 + channels * pool.shape, sum);
}

function drawHalfLives({ grid, longest }: Ground, { pool, kernels }: State, random: Random): void {
  const logs = Array.from(kernels, (kernel) => Math.log(grid.halfLife[kernel] ?? 1));
  const precision = 1 + logs.length / pool.spread ** 2;
  const sum = logs.reduce((all, one) => all + one, 0);
  pool.mean =
    (Math.log(longest * typicalPart) + sum / pool.spread ** 2) / precision +
    random.normal() / Math.sqrt(precision);
  const squares = logs.reduce((all, one) => all + (one - pool.mean) ** 2, 0);
  pool.spread = Math.sqrt((1 + squares) / 2 / gamma(random, (3 + logs.length) / 2, 1));
}
