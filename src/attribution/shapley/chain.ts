/** Credit by the Shapley value of a Markov chain's yield. */
import { Problem } from '../../support/problem.ts';
import type { ChannelCredit } from '../credit.ts';
import type { Chain } from '../markov/chain.ts';
import { chainGame } from './games.ts';
import type { Sampling } from './sampled.ts';
import { shapleyValues } from './value.ts';

/** Some 2,000 pairs bring the error of a channel to about a thousandth of all conversions. */
const usualSampling: Sampling = { pairs: 2_000, seed: 1 };

/** Each coalition is a system of equations of its own: a hundred channels are a minute, a thousand are weeks. */
const mostChannels = 100;

/**
 * Exact up to 20 channels; sampled, with its error, beyond. Conversions sum to all of them either way.
 *
 * @throws Problem where the chain has more than a hundred channels; `RangeError` where it is not of order 1
 */
export function chainShapley(chain: Chain, sampling: Sampling = usualSampling): ChannelCredit[] {
  assertFew(chain.channels.length);
  const conversions = shapleyValues(chainGame(chain, chain.conversions), sampling);
  const hasValue = chain.values.some((value) => value > 0);
  const values = hasValue
    ? shapleyValues(chainGame(chain, chain.values), sampling).values
    : new Float64Array();
  return chain.channels.map((channel, index) => ({
    channel,
    // A channel that brings nothing may come out a rounding below it.
    conversions: Math.max(0, conversions.values[index] ?? 0),
    value: Math.max(0, values[index] ?? 0),
    error: conversions.errors[index] ?? 0,
  }));
}

function assertFew(channels: number): void {
  if (channels <= mostChannels) return;
  throw new Problem(
    'failed',
    `There are ${channels} channels; shapley:markov takes ${mostChannels} at most.`,
    {
      remedy: 'Use shapley or markov:1, or group channels.',
    },
  );
}
