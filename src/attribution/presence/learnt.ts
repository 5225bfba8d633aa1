/** How strongly weights are drawn together, learnt from the data by expectation–maximization around the fit. */
import { fitLogistic, type Logistic, type Prior, type Trial } from './logistic.ts';

/** Weights of one kind, one after the other; the intercept comes before all blocks and is drawn nowhere. */
export interface Block {
  readonly count: number;
  /** About 0; else about a mean that is learnt. */
  readonly isCentred: boolean;
  /** What their variance is thought to be before anything is seen, and how many weights that thought counts as. */
  readonly variance: number;
  readonly weight: number;
}

export interface Learnt extends Logistic {
  readonly spreads: readonly Spread[];
}

/** Of the weights of a block. */
interface Spread {
  readonly mean: number;
  readonly variance: number;
}

const mostRounds = 20;
const settled = 1e-3;
const leastVariance = 1e-4;

/** @param start weights to begin with, as far as they are known */
export function learnt(
  trials: readonly Trial[],
  blocks: readonly Block[],
  start: Float64Array = new Float64Array(),
): Learnt {
  const size = blocks.reduce((sum, { count }) => sum + count, 1);
  const weights = new Float64Array(size);
  weights.set(start);
  let spreads: readonly Spread[] = blocks.map(({ variance }) => ({ mean: 0, variance }));
  let fit = fitLogistic(trials, priorOf(blocks, spreads), weights);
  for (let round = 0; round < mostRounds; round += 1) {
    const next = spreadsOf(blocks, fit);
    const moved = distance(spreads, next);
    spreads = next;
    fit = fitLogistic(trials, priorOf(blocks, spreads), fit.weights);
    if (moved < settled) break;
  }
  return { ...fit, spreads };
}

function priorOf(blocks: readonly Block[], spreads: readonly Spread[]): Prior {
  const each = blocks.flatMap(({ count }, at) =>
    new Array<Spread>(count).fill(spreads[at] ?? { mean: 0, variance: 1 }),
  );
  return {
    mean: Float64Array.from([0, ...each.map(({ mean }) => mean)]),
    precision: Float64Array.from([0, ...each.map(({ variance }) => 1 / variance)]),
  };
}

function spreadsOf(blocks: readonly Block[], { weights, variance }: Logistic): Spread[] {
  let from = 1;
  return blocks.map((block) => {
    const own = weights.slice(from, from + block.count);
    const unsure = variance.slice(from, from + block.count);
    from += block.count;
    return spreadOf(block, own, unsure);
  });
}

function spreadOf(
  { count, isCentred, variance, weight }: Block,
  own: Float64Array,
  unsure: Float64Array,
): Spread {
  if (count === 0) return { mean: 0, variance };
  const mean = isCentred ? 0 : own.reduce((sum, one) => sum + one, 0) / count;
  const squares = own.reduce(
    (sum, one, at) => sum + (one - mean) ** 2 + (unsure[at] ?? 0),
    weight * variance,
  );
  return { mean, variance: Math.max(leastVariance, squares / (count + weight)) };
}

function distance(one: readonly Spread[], other: readonly Spread[]): number {
  return one.reduce((sum, { mean, variance }, at) => {
    const next = other[at] ?? { mean, variance };
    return sum + Math.abs(next.mean - mean) + Math.abs(Math.log(next.variance / variance));
  }, 0);
}
