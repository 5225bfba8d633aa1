/** The rates at all conversions, kept up while steps change one part of the state after the other. */
import { ageClasses } from './ages.ts';
import { type ByGroup, byGroup } from './by-group.ts';
import { type Candidate, candidateOf } from './candidate.ts';
import { LogProduct } from './log-product.ts';
import { RankWeights } from './ranks.ts';
import type { Ground, State } from './state.ts';

export class ConversionRates {
  /** One per conversion: baseline and touches together. */
  readonly whole: Float64Array;
  readonly touches: ByGroup;
  /** One per run of touches: what it adds. */
  readonly own: Float64Array;
  readonly #ground: Ground;
  readonly #ranks: RankWeights;
  /** One per run: what it would add by the candidate that is looked at. */
  readonly #next: Float64Array;

  constructor(ground: Ground) {
    const { conversions, groups } = ground.sample;
    this.#ground = ground;
    this.#ranks = new RankWeights(conversions.rank);
    this.touches = byGroup(conversions, groups);
    this.whole = new Float64Array(conversions.person.length);
    this.own = new Float64Array(this.touches.conversion.length);
    this.#next = new Float64Array(this.touches.conversion.length);
  }

  refresh(state: State): void {
    for (let conversion = 0; conversion < this.whole.length; conversion += 1)
      this.whole[conversion] = state.baseline * (state.leans[conversion] ?? 1);
    this.own.fill(0);
    for (let group = 0; group < this.#ground.sample.groups; group += 1) {
      this.#put(group, candidateOf(state, group));
      this.take(group);
    }
  }

  /** By how much the log of the rates at the conversions changes with this candidate: `take` it afterwards, or not. */
  likelier(group: number, candidate: Candidate): number {
    this.#put(group, candidate);
    const { starts, conversion } = this.touches;
    const product = new LogProduct();
    for (let run = starts[group] ?? 0; run < (starts[group + 1] ?? 0); run += 1) {
      const more = (this.#next[run] ?? 0) - (this.own[run] ?? 0);
      product.take(1 + more / (this.whole[conversion[run] ?? 0] ?? 1));
    }
    return product.log();
  }

  /** Goes over to the candidate that was looked at last. */
  take(group: number): void {
    const { starts, conversion } = this.touches;
    for (let run = starts[group] ?? 0; run < (starts[group + 1] ?? 0); run += 1) {
      const at = conversion[run] ?? 0;
      const next = this.#next[run] ?? 0;
      this.whole[at] = (this.whole[at] ?? 0) + next - (this.own[run] ?? 0);
      this.own[run] = next;
    }
  }

  /** All touches do so many times as much. */
  scaleTouches(by: number): void {
    for (let run = 0; run < this.own.length; run += 1) this.own[run] = (this.own[run] ?? 0) * by;
  }

  /** What one touch adds, by its place in `touches`. */
  rateOf(at: number, state: State): number {
    const { touch, age, rank } = this.touches;
    const group = this.#ground.sample.conversions.group[touch[at] ?? 0] ?? 0;
    const { effect, kernel, tiring } = candidateOf(state, group);
    const density = this.#ground.tables.density[kernel * ageClasses + (age[at] ?? 0)] ?? 0;
    return effect * (this.#ranks.of(tiring)[rank[at] ?? 1] ?? 1) * density;
  }

  /** What each run of the group would add. */
  #put(group: number, { effect, kernel, tiring }: Candidate): void {
    const { starts, firsts, age, rank } = this.touches;
    const { density } = this.#ground.tables;
    const row = kernel * ageClasses;
    const fresh = this.#ranks.of(tiring);
    const [from, until] = [starts[group] ?? 0, starts[group + 1] ?? 0];
    for (let run = from; run < until; run += 1) {
      let sum = 0;
      for (let at = firsts[run] ?? 0; at < (firsts[run + 1] ?? 0); at += 1)
        sum += (fresh[rank[at] ?? 1] ?? 1) * (density[row + (age[at] ?? 0)] ?? 0);
      this.#next[run] = effect * sum;
    }
  }
}
