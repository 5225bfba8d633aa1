/**
 * The slow part of Gauss–Seidel, done at once: states are put together in a few groups, and each group is scaled so
 * that what flows in and out of it agrees (aggregation and disaggregation: Koury, McAllister, Stewart 1984). Long
 * journeys make sweeps crawl; the groups take the long journeys' part.
 */

import { solveDense } from './dense.ts';
import { allLanes, lanes } from './lanes.ts';
import type { Averages } from './system.ts';

/** Groups are at most this many: a dense system of them must cost little beside a sweep. */
export const mostGroups = 64;

export class Coarse {
  readonly #system: Averages;
  /** The component at hand, and how many groups it has. */
  #from = 0;
  #to = 0;
  #count = 0;
  /** The group of each of its states; -1 outside. One byte each: this is read for every link. */
  readonly #groups: Int8Array;
  /** Per pair of groups and lane: what flows into the first from the second. */
  readonly #flows = new Float64Array(mostGroups * mostGroups * lanes);
  /** Per group and lane: what is in it, and what comes from outside the component. */
  readonly #own = new Float64Array(mostGroups * lanes);
  readonly #inflow = new Float64Array(mostGroups * lanes);
  readonly #matrix = new Float64Array(mostGroups * (mostGroups + 1));
  readonly #run = new Float64Array(lanes);
  readonly #factors = new Float64Array(mostGroups * lanes);

  constructor(system: Averages) {
    this.#system = system;
    this.#groups = new Int8Array(system.visits.length).fill(-1);
  }

  /**
   * Turns to the component `states[from, to)`. Few states are a group each, so that a correction solves them
   * exactly; many go by their last channel.
   */
  enter(from: number, to: number): void {
    const { components, lastChannels } = this.#system;
    for (let at = this.#from; at < this.#to; at += 1) this.#groups[components.states[at] ?? 0] = -1;
    this.#from = from;
    this.#to = to;
    this.#count = 0;
    for (let at = from; at < to; at += 1) {
      const state = components.states[at] ?? 0;
      const group = to - from <= mostGroups ? at - from : (lastChannels[state] ?? 0) % mostGroups;
      this.#groups[state] = group;
      this.#count = Math.max(this.#count, group + 1);
    }
  }

  /** Scales the groups of `x`. */
  correct(x: Float64Array): void {
    this.#flows.fill(0, 0, this.#count * this.#count * lanes);
    this.#own.fill(0, 0, this.#count * lanes);
    this.#inflow.fill(0, 0, this.#count * lanes);
    const { states } = this.#system.components;
    for (let at = this.#from; at < this.#to; at += 1) this.#measure(x, states[at] ?? 0);
    for (let lane = 0; lane < lanes; lane += 1) this.#solve(lane);
    for (let at = this.#from; at < this.#to; at += 1) {
      const state = states[at] ?? 0;
      const group = (this.#groups[state] ?? 0) * lanes;
      for (let lane = 0; lane < lanes; lane += 1) {
        const cell = state * lanes + lane;
        x[cell] = (x[cell] ?? 0) * (this.#factors[group + lane] ?? 1);
      }
    }
  }

  #measure(x: Float64Array, state: number): void {
    const { links, visits, sources, blocked } = this.#system;
    const mask = blocked[state] ?? 0;
    if (mask === allLanes) return;
    const group = this.#groups[state] ?? 0;
    const visited = visits[state] ?? 0;
    add(this.#own, group * lanes, 0, x, state * lanes, visited);
    add(this.#inflow, group * lanes, mask, sources, state * lanes, 1);
    const end = links.starts[state + 1] ?? 0;
    for (let link = links.starts[state] ?? 0; link < end; )
      link = this.#measureRun(x, mask, group, link, end);
  }

  /** Neighbours of one group come in runs: sums are kept at hand until the group changes. */
  #measureRun(x: Float64Array, mask: number, group: number, start: number, end: number): number {
    const { states, counts } = this.#system.links;
    const groups = this.#groups;
    const neighbour = groups[states[start] ?? 0] ?? 0;
    const run = this.#run;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let link = start;
    for (; link < end; link += 1) {
      const other = states[link] ?? 0;
      if (groups[other] !== neighbour) break;
      const count = counts[link] ?? 0;
      const cell = other * lanes;
      a += count * (x[cell] ?? 0);
      b += count * (x[cell + 1] ?? 0);
      c += count * (x[cell + 2] ?? 0);
      d += count * (x[cell + 3] ?? 0);
    }
    run[0] = a;
    run[1] = b;
    run[2] = c;
    run[3] = d;
    if (neighbour < 0) add(this.#inflow, group * lanes, mask, run, 0, 1);
    else add(this.#flows, (group * this.#count + neighbour) * lanes, mask, run, 0, 1);
    return link;
  }

  /** The factor of each group: own · factor = inflow + Σ flows · factors. */
  #solve(lane: number): void {
    const groups = this.#count;
    const width = groups + 1;
    const matrix = this.#matrix;
    for (let row = 0; row < groups; row += 1) {
      for (let column = 0; column < groups; column += 1)
        matrix[row * width + column] = -(this.#flows[(row * groups + column) * lanes + lane] ?? 0);
      const own = this.#own[row * lanes + lane] ?? 0;
      // An empty group keeps its zeros whatever the factor.
      matrix[row * width + row] = own > 0 ? own + (matrix[row * width + row] ?? 0) : 1;
      matrix[row * width + groups] = own > 0 ? (this.#inflow[row * lanes + lane] ?? 0) : 1;
    }
    solveDense(matrix, groups, width);
    for (let row = 0; row < groups; row += 1) {
      const factor = matrix[row * width + groups] ?? 1;
      this.#factors[row * lanes + lane] = factor >= 0 && Number.isFinite(factor) ? factor : 1;
    }
  }
}

/** Adds the lanes at `from`, `times` over, where they are not blocked. */
function add(
  sums: Float64Array,
  cell: number,
  blocked: number,
  x: Float64Array,
  from: number,
  times: number,
): void {
  for (let lane = 0; lane < lanes; lane += 1)
    if (((blocked >> lane) & 1) === 0)
      sums[cell + lane] = (sums[cell + lane] ?? 0) + times * (x[from + lane] ?? 0);
}
