/**
 * Solves, for many states at once, "a state's value is the average over the steps that touch it":
 *
 *     x[i] · visits[i] = source[i] + Σ over links (i, j) of count · x[j],     x[i] = 0 where blocked
 *
 * With links to where a state was entered from, and starts as sources, x is how much of the traffic through a state
 * got there unblocked; with links to where it was left for, and conversions as sources, how much will convert.
 * Components one after the other; within one, Gauss–Seidel sweeps, and a coarse correction when they get slow.
 */
import { Balance } from './balance.ts';
import { Coarse } from './coarse.ts';
import { allLanes, lanes } from './lanes.ts';
import type { Averages } from './system.ts';

/** Changes in a sweep, relative to all that flows. The error left is below that times the steps of a journey. */
const tolerance = 1e-13;
/** A balanced sweep that leaves more than this share of the error is slow. */
const slow = 0.5;
/** Corrections may lose their way in theory; sweeps alone never do. */
const mostCorrections = 200;
const mostSweeps = 10_000_000;

/** `lanes` numbers per state. */
export function solveAverages(system: Averages): Float64Array {
  return new Solver(system).solve();
}

class Solver {
  readonly #system: Averages;
  readonly #x: Float64Array;
  readonly #balance: Balance;
  readonly #coarse: Coarse;
  /** Of the last sweep: what changed and what flowed, by weight. */
  #change = 0;
  #flow = 0;

  constructor(system: Averages) {
    this.#system = system;
    this.#x = firstGuess(system.blocked);
    this.#balance = new Balance(system);
    this.#coarse = new Coarse(system);
  }

  solve(): Float64Array {
    const { components, backwards } = this.#system;
    const { starts } = components;
    const last = starts.length - 2;
    for (let count = 0; count <= last; count += 1) {
      const component = backwards ? last - count : count;
      const from = starts[component] ?? 0;
      const to = starts[component + 1] ?? 0;
      this.#sweep(from, to);
      if (to - from > 1) this.#settle(from, to);
    }
    return this.#x;
  }

  #settle(from: number, to: number): void {
    let before = Number.POSITIVE_INFINITY;
    let corrections = 0;
    this.#balance.enter(this.#x, from, to);
    this.#coarse.enter(from, to);
    for (let sweep = 0; sweep < mostSweeps; sweep += 1) {
      this.#sweep(from, to);
      if (this.#change <= tolerance * this.#flow) return;
      if (this.#change > slow * before && corrections < mostCorrections) {
        this.#coarse.correct(this.#x);
        corrections += 1;
      } else if (sweep < mostCorrections) this.#balance.correct(this.#x);
      before = this.#change;
    }
    throw new RangeError('the chain does not settle');
  }

  #sweep(from: number, to: number): void {
    const { links, visits, sources, blocked, weights, components } = this.#system;
    const { starts, states, counts } = links;
    const x = this.#x;
    let change = 0;
    let flow = 0;
    for (let at = from; at < to; at += 1) {
      const state = components.states[at] ?? 0;
      const mask = blocked[state] ?? 0;
      if (mask === allLanes) continue;
      const own = state * lanes;
      let a = sources[own] ?? 0;
      let b = sources[own + 1] ?? 0;
      let c = sources[own + 2] ?? 0;
      let d = sources[own + 3] ?? 0;
      const end = starts[state + 1] ?? 0;
      for (let link = starts[state] ?? 0; link < end; link += 1) {
        const other = (states[link] ?? 0) * lanes;
        const count = counts[link] ?? 0;
        a += count * (x[other] ?? 0);
        b += count * (x[other + 1] ?? 0);
        c += count * (x[other + 2] ?? 0);
        d += count * (x[other + 3] ?? 0);
      }
      const visited = visits[state] ?? 1;
      a = mask & 1 ? 0 : a / visited;
      b = mask & 2 ? 0 : b / visited;
      c = mask & 4 ? 0 : c / visited;
      d = mask & 8 ? 0 : d / visited;
      const worth = visited * (weights[state] ?? 0);
      change +=
        worth *
        (Math.abs(a - (x[own] ?? 0)) +
          Math.abs(b - (x[own + 1] ?? 0)) +
          Math.abs(c - (x[own + 2] ?? 0)) +
          Math.abs(d - (x[own + 3] ?? 0)));
      flow += worth * (a + b + c + d);
      x[own] = a;
      x[own + 1] = b;
      x[own + 2] = c;
      x[own + 3] = d;
    }
    this.#change = change;
    this.#flow = flow;
  }
}

function firstGuess(blocked: Uint8Array): Float64Array {
  const x = new Float64Array(blocked.length * lanes);
  for (let cell = 0; cell < x.length; cell += 1)
    x[cell] = 1 - (((blocked[Math.floor(cell / lanes)] ?? 0) >> (cell % lanes)) & 1);
  return x;
}
