/** Steps of one channel's effect, kernel and tiring together. */
import type { Random } from '../random.ts';
import { type Candidate, candidateOf, type Proposal } from './candidate.ts';
import type { ConversionRates } from './conversion-rates.ts';
import { exposureAt, type Ground, type Pool, rateOf, type State } from './state.ts';

export class ChannelWalk {
  readonly #ground: Ground;
  readonly #rates: ConversionRates;
  readonly #logHalfLives: Float64Array;

  constructor(ground: Ground, rates: ConversionRates) {
    this.#ground = ground;
    this.#rates = rates;
    this.#logHalfLives = ground.grid.halfLife.map(Math.log);
  }

  try(channel: number, state: State, random: Random, propose: Proposal): void {
    const now = candidateOf(state, channel);
    const next = propose(now, this.#ground, channel, random);
    if (!next) return;
    const gain =
      this.#rates.likelier(channel, next) +
      this.#height(channel, next, state.pool) -
      this.#height(channel, now, state.pool);
    if (Math.log(random.uniform()) >= gain) return;
    this.#rates.take(channel);
    state.effects[channel] = next.effect;
    state.kernels[channel] = next.kernel;
    state.tirings[channel] = next.tiring;
  }

  /** Log density of the prior by log effect, less the conversions that are expected of the channel. */
  #height(channel: number, { effect, kernel, tiring }: Candidate, pool: Pool): number {
    const { grid, sample } = this.#ground;
    const exposure = sample.exposure[exposureAt(this.#ground, channel, tiring, kernel)] ?? 0;
    const off = ((this.#logHalfLives[kernel] ?? 0) - pool.mean) / pool.spread;
    return (
      pool.shape * Math.log(effect) -
      (rateOf(this.#ground, pool, channel) + exposure) * effect -
      (off * off) / 2 +
      Math.log(pool.shapes[grid.shape[kernel] ?? 0] ?? 0) +
      Math.log(pool.tirings[tiring] ?? 0)
    );
  }
}
