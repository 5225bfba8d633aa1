/**
 * Solves, for many states at once, "a state's value is the average over the steps that touch it":
 *
 *     x[i] · visits[i] = source[i] + Σ over links (i, j) of count · x[j],     x[i] = 0 where blocked
 *
 * With links by target this is how much of the traffic through a state came there unblocked; with links by source,
 * how much of it will convert. Gauss–Seidel sweeps, four systems side by side, each with its own blocked states.
 */
import type { Links } from './chain.ts';

export const lanes = 4;

export interface Averages {
  readonly links: Links;
  readonly visits: Float64Array;
  /** `lanes` numbers per state. */
  readonly sources: Float64Array;
  /** One bit per lane and state. */
  readonly blocked: Uint8Array;
  /** What an error of 1 journey in a state would cost in the end; the sweeps stop by it. */
  readonly weights: Float64Array;
}

const sweepLimit = 1_000_000;

/**
 * Improves `x` (`lanes` numbers per state, the first guess on entry) until the remaining error, in journeys times
 * their weights, is below `tolerance`; the last sweep's changes bound it from above.
 */
export function solveAverages(system: Averages, x: Float64Array, tolerance: number): number {
  for (let sweep = 1; sweep <= sweepLimit; sweep += 1) if (!(sweepOnce(system, x) > tolerance)) return sweep;
  throw new RangeError('the chain did not settle');
}

function sweepOnce({ links, visits, sources, blocked, weights }: Averages, x: Float64Array): number {
  const { starts, states, counts } = links;
  let change = 0;
  for (let i = 0; i < visits.length; i += 1) {
    const mask = blocked[i] ?? 0;
    if (mask === 15) continue;
    const at = i * lanes;
    let a = sources[at] ?? 0;
    let b = sources[at + 1] ?? 0;
    let c = sources[at + 2] ?? 0;
    let d = sources[at + 3] ?? 0;
    const end = starts[i + 1] ?? 0;
    for (let link = starts[i] ?? 0; link < end; link += 1) {
      const from = (states[link] ?? 0) * lanes;
      const count = counts[link] ?? 0;
      a += count * (x[from] ?? 0);
      b += count * (x[from + 1] ?? 0);
      c += count * (x[from + 2] ?? 0);
      d += count * (x[from + 3] ?? 0);
    }
    const visited = visits[i] ?? 1;
    a = mask & 1 ? 0 : a / visited;
    b = mask & 2 ? 0 : b / visited;
    c = mask & 4 ? 0 : c / visited;
    d = mask & 8 ? 0 : d / visited;
    const moved =
      Math.abs(a - (x[at] ?? 0)) +
      Math.abs(b - (x[at + 1] ?? 0)) +
      Math.abs(c - (x[at + 2] ?? 0)) +
      Math.abs(d - (x[at + 3] ?? 0));
    change += moved * visited * (weights[i] ?? 0);
    x[at] = a;
    x[at + 1] = b;
    x[at + 2] = c;
    x[at + 3] = d;
  }
  return change;
}
