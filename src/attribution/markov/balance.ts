/**
 * The cheap half of speeding up the sweeps: what flows into a component must flow out of it again. The outflow of a
 * state is known beforehand, so that one scale per lane, found in one walk over the states, sets the sum right; what
 * is left to the sweeps is how it is spread.
 */

import { allLanes, lanes } from './lanes.ts';
import type { Averages } from './system.ts';

export class Balance {
  readonly #system: Averages;
  /** Per state and lane: what leaves the component or runs into a blocked state. */
  readonly #leaks: Float64Array;
  readonly #inflow = new Float64Array(lanes);
  readonly #scale = new Float64Array(lanes);
  #from = 0;
  #to = 0;

  constructor(system: Averages) {
    this.#system = system;
    this.#leaks = new Float64Array(system.visits.length * lanes);
  }

  /** Turns to the component `states[from, to)`; earlier components are solved. */
  enter(x: Float64Array, from: number, to: number): void {
    const { components, visits } = this.#system;
    this.#from = from;
    this.#to = to;
    this.#inflow.fill(0);
    for (let at = from; at < to; at += 1) {
      const state = components.states[at] ?? 0;
      this.#leaks.fill(visits[state] ?? 0, state * lanes, state * lanes + lanes);
    }
    for (let at = from; at < to; at += 1) this.#measure(x, components.states[at] ?? 0);
  }

  correct(x: Float64Array): void {
    const { states } = this.#system.components;
    const leaks = this.#leaks;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let at = this.#from; at < this.#to; at += 1) {
      const cell = (states[at] ?? 0) * lanes;
      a += (x[cell] ?? 0) * (leaks[cell] ?? 0);
      b += (x[cell + 1] ?? 0) * (leaks[cell + 1] ?? 0);
      c += (x[cell + 2] ?? 0) * (leaks[cell + 2] ?? 0);
      d += (x[cell + 3] ?? 0) * (leaks[cell + 3] ?? 0);
    }
    [a, b, c, d].forEach((outflow, lane) => {
      const inflow = this.#inflow[lane] ?? 0;
      this.#scale[lane] = outflow > 0 ? inflow / outflow : 1;
    });
    const [scaleA = 1, scaleB = 1, scaleC = 1, scaleD = 1] = this.#scale;
    for (let at = this.#from; at < this.#to; at += 1) {
      const cell = (states[at] ?? 0) * lanes;
      x[cell] = (x[cell] ?? 0) * scaleA;
      x[cell + 1] = (x[cell + 1] ?? 0) * scaleB;
      x[cell + 2] = (x[cell + 2] ?? 0) * scaleC;
      x[cell + 3] = (x[cell + 3] ?? 0) * scaleD;
    }
  }

  #measure(x: Float64Array, state: number): void {
    const { links, sources, blocked, components } = this.#system;
    const mask = blocked[state] ?? 0;
    if (mask === allLanes) return;
    this.#take(mask, sources, state * lanes, 1);
    const component = components.of[state];
    const end = links.starts[state + 1] ?? 0;
    for (let link = links.starts[state] ?? 0; link < end; link += 1) {
      const other = links.states[link] ?? 0;
      const count = links.counts[link] ?? 0;
      if (components.of[other] !== component) this.#take(mask, x, other * lanes, count);
      else
        for (let lane = 0; lane < lanes; lane += 1)
          if (((mask >> lane) & 1) === 0)
            this.#leaks[other * lanes + lane] = (this.#leaks[other * lanes + lane] ?? 0) - count;
    }
  }

  #take(mask: number, from: Float64Array, cell: number, times: number): void {
    for (let lane = 0; lane < lanes; lane += 1)
      if (((mask >> lane) & 1) === 0)
        this.#inflow[lane] = (this.#inflow[lane] ?? 0) + times * (from[cell + lane] ?? 0);
  }
}
