/** Steps of the baseline: against its slopes, and against all touches. */
import type { Random } from '../random.ts';
import { baselineShape } from './baseline.ts';
import { candidateOf, reach } from './candidate.ts';
import type { ConversionRates } from './conversion-rates.ts';
import { leanDays } from './crowd.ts';
import { leansOf } from './lean.ts';
import { LogProduct } from './log-product.ts';
import { evenShare } from './pooling.ts';
import { exposureAt, type Ground, type State } from './state.ts';

export class BalanceWalk {
  readonly #ground: Ground;
  readonly #rates: ConversionRates;
  /** Where a step of the slopes would lead. */
  readonly #slopes: Float64Array;
  readonly #leans: Float64Array;

  constructor(ground: Ground, rates: ConversionRates) {
    this.#ground = ground;
    this.#rates = rates;
    this.#slopes = new Float64Array(ground.spreads.length);
    this.#leans = new Float64Array(rates.whole.length);
  }

  /** All slopes at once in a random direction; the baseline moves along, so that as many are expected anyway. */
  trySlopes(state: State, random: Random): void {
    const { crowd, centres, spreads, limits } = this.#ground;
    const width = reach(random) / Math.sqrt(spreads.length);
    for (let index = 0; index < spreads.length; index += 1)
      this.#slopes[index] = (state.slopes[index] ?? 0) + width * random.normal();
    const chance = Math.log(random.uniform());
    if (this.#slopes.some((slope, index) => Math.abs(slope) > (limits[index] ?? 0))) return;
    const days = leanDays(crowd, this.#slopes);
    const baseline = (state.baseline * state.leanDays) / days;
    leansOf(this.#ground, this.#slopes, this.#leans);
    let gain = baselineShape * Math.log(baseline / state.baseline) + this.#likelier(state, baseline);
    spreads.forEach((spread, index) => {
      const off = (slopes: Float64Array) => ((slopes[index] ?? 0) - (centres[index] ?? 0)) / spread;
      gain += (off(state.slopes) ** 2 - off(this.#slopes) ** 2) / 2;
    });
    if (chance < gain) this.#take(state, baseline, days);
  }

  #likelier(state: State, baseline: number): number {
    const { whole } = this.#rates;
    const product = new LogProduct();
    for (let at = 0; at < whole.length; at += 1) {
      const more = baseline * (this.#leans[at] ?? 1) - state.baseline * (state.leans[at] ?? 1);
      product.take(1 + more / (whole[at] ?? 1));
    }
    return product.log();
  }

  #take(state: State, baseline: number, days: number): void {
    const { whole } = this.#rates;
    for (let at = 0; at < whole.length; at += 1)
      whole[at] =
        (whole[at] ?? 0) + baseline * (this.#leans[at] ?? 1) - state.baseline * (state.leans[at] ?? 1);
    state.slopes.set(this.#slopes);
    state.leans.set(this.#leans);
    state.leanDays = days;
    state.baseline = baseline;
  }

  /** All touches do more and the baseline less, or otherwise; what channels have in common moves along. */
  tryBalance(state: State, random: Random): void {
    const { whole } = this.#rates;
    const [up, down] = [reach(random) * random.normal(), reach(random) * random.normal()];
    const [more, anyway] = [Math.exp(up), Math.exp(down)];
    const product = new LogProduct();
    for (let at = 0; at < whole.length; at += 1) {
      const part = (state.baseline * (state.leans[at] ?? 1)) / (whole[at] ?? 1);
      product.take(more + part * (anyway - more));
    }
    const prior = baselineShape * down - up - evenShare(this.#ground) * state.pool.rate * (1 / more - 1);
    const gain = product.log() + prior - this.#expected(state, more - 1, anyway - 1);
    if (Math.log(random.uniform()) < gain) this.#scale(state, more, anyway);
  }

  /** Conversions that are expected more, were touches and baseline more by these parts. */
  #expected(state: State, ofTouches: number, ofBaseline: number): number {
    const { sample } = this.#ground;
    let touched = 0;
    for (let channel = 0; channel < sample.groups; channel += 1) {
      const { effect, kernel, tiring } = candidateOf(state, channel);
      touched += effect * (sample.exposure[exposureAt(this.#ground, channel, tiring, kernel)] ?? 0);
    }
    return touched * ofTouches + state.baseline * state.leanDays * ofBaseline;
  }

  #scale(state: State, more: number, anyway: number): void {
    const { whole } = this.#rates;
    for (let at = 0; at < whole.length; at += 1) {
      const own = state.baseline * (state.leans[at] ?? 1);
      whole[at] = own * anyway + ((whole[at] ?? 0) - own) * more;
    }
    state.baseline *= anyway;
    state.pool.rate /= more;
    for (let channel = 0; channel < state.effects.length; channel += 1)
      state.effects[channel] = (state.effects[channel] ?? 0) * more;
    this.#rates.scaleTouches(more);
  }
}
