/** Draws from the distributions that the chains need, and the log of the gamma function. */
import type { Random } from '../random.ts';

/** No draw is smaller, so that its logarithm stays a number. */
const least = 1e-300;

/** Gamma with this shape and rate; mean shape / rate (Marsaglia and Tsang 2000). */
export function gamma(random: Random, shape: number, rate: number): number {
  if (shape < 1)
    return Math.max((gamma(random, shape + 1, 1) * random.uniform() ** (1 / shape)) / rate, least);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(random.uniform()) < (x * x) / 2 + d * (1 - v + Math.log(v)))
      return Math.max((d * v) / rate, least);
  }
}

/** Less than exp(−this) of the largest is nothing. */
const deepest = 60;

/** An index below `size` with probability proportional to exp(its log weight). Overwrites the weights. */
export function fromLogWeights(random: Random, logWeights: Float64Array, size = logWeights.length): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < size; index += 1) top = Math.max(top, logWeights[index] ?? top);
  let sum = 0;
  for (let index = 0; index < size; index += 1) {
    const below = (logWeights[index] ?? 0) - top;
    if (below > -deepest) sum += Math.exp(below);
    logWeights[index] = sum;
  }
  const point = random.uniform() * sum;
  for (let index = 0; index < size; index += 1) if (point < (logWeights[index] ?? 0)) return index;
  return size - 1;
}

/** Log Γ(x) for x > 0: shifted up to where Stirling's series is exact to twelve digits. */
export function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 8; at += 1) shift += Math.log(at);
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + series - shift;
}
