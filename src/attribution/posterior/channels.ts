/** Second step of a sweep: kernel, tiring and effect of each channel, given the conversions that it is held to have brought. */
import type { Random } from '../random.ts';
import { fromLogWeights, gamma } from './draws.ts';
import { shapes } from './kernels.ts';
import { anyway, type Sources } from './sources.ts';
import { exposureAt, type Ground, rateOf, type State } from './state.ts';
import { tirings } from './tirings.ts';

/** One of so many sweeps draws among all kernels; the others, at a tenth of the cost, among some of the same shape. */
const everyShape = 3;
/** Half-lives of one shape that such a sweep draws among: their place is drawn first, without a look at the state. */
const block = 16;

export class ChannelStep {
  readonly #ground: Ground;
  readonly #kernels: Float64Array;
  readonly #tirings: Float64Array;
  readonly #logHalfLives: Float64Array;
  readonly #logChances: Float64Array;
  /** Caused conversions by channel: touches of channel k are `order[starts[k] … starts[k + 1])`. */
  readonly #starts: Int32Array;
  readonly #order: Int32Array;
  #sweep = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#kernels = new Float64Array(ground.grid.shape.length);
    this.#logHalfLives = ground.grid.halfLife.map(Math.log);
    this.#logChances = Float64Array.from(shapes, ({ prior }) => Math.log(prior));
    this.#tirings = new Float64Array(tirings.length);
    this.#starts = new Int32Array(ground.sample.groups + 1);
    this.#order = new Int32Array(ground.sample.conversions.person.length);
  }

  draw(state: State, sources: Sources, random: Random): void {
    this.#sort(sources);
    for (let channel = 0; channel < this.#ground.sample.groups; channel += 1) {
      const count = sources.counts[channel] ?? 0;
      this.#drawForm(channel, count, state, random);
      const at = exposureAt(this.#ground, channel, state.tirings[channel] ?? 0, state.kernels[channel] ?? 0);
      const exposure = this.#ground.sample.exposure[at] ?? 0;
      state.effects[channel] = gamma(
        random,
        state.pool.shape + count,
        rateOf(this.#ground, state.pool, channel) + exposure,
      );
    }
    this.#sweep += 1;
  }

  #drawForm(channel: number, count: number, state: State, random: Random): void {
    const [first, until] =
      this.#sweep % everyShape === 0 ? [0, this.#kernels.length] : this.#blockOf(channel, state, random);
    state.kernels[channel] = this.#drawKernel(channel, count, state, random, first, until);
    if (this.#ground.options.tiring) state.tirings[channel] = this.#drawTiring(channel, count, state, random);
  }
  /** The kernels of the block that the channel is in, when blocks begin at a place that is drawn. */
  #blockOf(channel: number, state: State, random: Random): readonly [first: number, until: number] {
    const { steps } = this.#ground.grid;
    const now = (state.kernels[channel] ?? 0) % steps;
    const shape = (state.kernels[channel] ?? 0) - now;
    const begun = now - ((now + Math.floor(random.uniform() * block)) % block);
    return [shape + Math.max(0, begun), shape + Math.min(steps, begun + block)];
  }

  /** Counting sort of the causing touches by channel. */
  #sort({ cause, counts }: Sources): void {
    const { group } = this.#ground.sample.conversions;
    for (let id = 0; id + 1 < this.#starts.length; id += 1)
      this.#starts[id + 1] = (this.#starts[id] ?? 0) + (counts[id] ?? 0);
    const next = this.#starts.slice();
    for (const touch of cause) {
      if (touch === anyway) continue;
      const id = group[touch] ?? 0;
      const place = next[id] ?? 0;
      this.#order[place] = touch;
      next[id] = place + 1;
    }
  }

  /**
   * One of the kernels from `first` on, before `until`. The effect is integrated out, so that kernel and
   * effect do not hold each other fast.
   */
  #drawKernel(
    channel: number,
    count: number,
    { tirings: tired, pool }: State,
    random: Random,
    first: number,
    until: number,
  ): number {
    const { sample, grid, tables } = this.#ground;
    const weights = this.#kernels;
    const size = until - first;
    const exposures = exposureAt(this.#ground, channel, tired[channel] ?? 0, first);
    const rate = rateOf(this.#ground, pool, channel);
    for (let at = 0; at < size; at += 1) {
      const off = ((this.#logHalfLives[first + at] ?? 0) - pool.mean) / pool.spread;
      const prior = (this.#logChances[grid.shape[first + at] ?? 0] ?? 0) - (off * off) / 2;
      weights[at] = prior - (pool.shape + count) * Math.log(rate + (sample.exposure[exposures + at] ?? 0));
    }
    for (let at = this.#starts[channel] ?? 0; at < (this.#starts[channel + 1] ?? 0); at += 1) {
      const row = (sample.conversions.age[this.#order[at] ?? 0] ?? 0) * grid.shape.length + first;
      for (let kernel = 0; kernel < size; kernel += 1)
        weights[kernel] = (weights[kernel] ?? 0) + (tables.logDensity[row + kernel] ?? 0);
    }
    return first + fromLogWeights(random, weights, size);
  }

  #drawTiring(channel: number, count: number, { kernels, pool }: State, random: Random): number {
    const { sample } = this.#ground;
    let logRanks = 0;
    const rate = rateOf(this.#ground, pool, channel);
    for (let at = this.#starts[channel] ?? 0; at < (this.#starts[channel + 1] ?? 0); at += 1)
      logRanks += Math.log(sample.conversions.rank[this.#order[at] ?? 0] ?? 1);
    tirings.forEach((tiring, index) => {
      const exposure = sample.exposure[exposureAt(this.#ground, channel, index, kernels[channel] ?? 0)] ?? 0;
      this.#tirings[index] =
        Math.log(pool.tirings[index] ?? 1) -
        tiring * logRanks -
        (pool.shape + count) * Math.log(rate + exposure);
    });
    return fromLogWeights(random, this.#tirings);
  }
}
