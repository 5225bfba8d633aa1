/**
 * Steps of a sweep with the sources summed out (Metropolis). Given the sources, a channel's kernel and effect, the
 * baseline and its slopes hold each other fast: the more conversions, the shorter the steps. Here they move together,
 * judged by the likelihood of the conversions themselves.
 */
import type { Random } from '../random.ts';
import { BalanceWalk } from './balance-walk.ts';
import { proposals } from './candidate.ts';
import { ChannelWalk } from './channel-walk.ts';
import type { ConversionRates } from './conversion-rates.ts';
import type { Ground, State } from './state.ts';

/** Steps between baseline and touches in one sweep: they are cheap, and it is what is known least. */
const balanceTurns = 3;
/** Steps of all slopes at most: each looks at every conversion. One column after the other is drawn besides. */
const slopeTurns = 3;

export class WalkStep {
  readonly #rates: ConversionRates;
  readonly #channel: ChannelWalk;
  readonly #balance: BalanceWalk;

  /** @param rates are kept up with the state */
  constructor(ground: Ground, rates: ConversionRates) {
    this.#rates = rates;
    this.#channel = new ChannelWalk(ground, this.#rates);
    this.#balance = new BalanceWalk(ground, this.#rates);
  }

  step(state: State, random: Random): void {
    this.#rates.refresh(state);
    for (let channel = 0; channel < state.effects.length; channel += 1)
      for (const propose of proposals) this.#channel.try(channel, state, random, propose);
    for (let turn = 0; turn < Math.min(slopeTurns, state.slopes.length); turn += 1)
      this.#balance.trySlopes(state, random);
    for (let turn = 0; turn < balanceTurns; turn += 1) this.#balance.tryBalance(state, random);
  }
}
