/**
 * What a coalition of channels is worth: the choice that decides what a Shapley value means. None of these values a
 * coalition that nobody saw at nothing, which is how others come to negative credit.
 */
import type { JourneyTable } from '../journeys/table.ts';
import type { Chain } from '../markov/chain.ts';
import { solveDense } from '../markov/dense.ts';

export interface Game {
  /** Channels that play, in the order of the players. */
  readonly channels: readonly string[];
  /** Cell `p` is 1 where player `p` is in the coalition. */
  worth(members: Uint8Array): number;
}

/**
 * Conversions of the journeys that need no channel outside the coalition. Its Shapley value has a closed form, so that
 * this game is for checking: every conversion, shared equally by the distinct channels of its journey.
 */
export function containedGame(table: JourneyTable): Game {
  const sets = distinctSets(table);
  return {
    channels: table.channels.names,
    worth: (members) =>
      sets.reduce(
        (all, { channels, conversions }) =>
          all + (channels.every((channel) => members[channel] === 1) ? conversions : 0),
        0,
      ),
  };
}

/**
 * What the Markov chain of order 1 yields when only the coalition's channels lead anywhere. Removal effects ask what
 * is lost when one channel leaves the whole; this asks it in every company that a channel can be in.
 *
 * @param yields the chain's conversions, or their values
 */
export function chainGame(chain: Chain, yields: Float64Array): Game {
  if (chain.order !== 1) throw new RangeError('the game of a chain is for order 1');
  return { channels: chain.channels, worth: (members) => yieldOf(chain, yields, members) };
}

function yieldOf(chain: Chain, yields: Float64Array, members: Uint8Array): number {
  const { windows, visits, starts, outgoing } = chain;
  const states: number[] = [];
  const place = new Int32Array(chain.size).fill(-1);
  for (let state = 0; state < chain.size; state += 1)
    if (members[windows[state] ?? 0] === 1) place[state] = states.push(state) - 1;
  const width = states.length + 1;
  const matrix = new Float64Array(states.length * width);
  states.forEach((state, row) => {
    matrix[row * width + row] = visits[state] ?? 0;
    matrix[row * width + states.length] = yields[state] ?? 0;
    for (let link = outgoing.starts[state] ?? 0; link < (outgoing.starts[state + 1] ?? 0); link += 1) {
      const column = place[outgoing.states[link] ?? 0] ?? -1;
      if (column >= 0) matrix[row * width + column] = -(outgoing.counts[link] ?? 0);
    }
  });
  solveDense(matrix, states.length, width);
  return states.reduce(
    (all, state, row) => all + (starts[state] ?? 0) * (matrix[row * width + states.length] ?? 0),
    0,
  );
}

/**
 * The probabilistic model of Shao and Li (2011) as a game: a converted journey is worth, to the members among its
 * channels, their conversion rates and the excess of each pair over its parts, spread over a channel's companions. It
 * hands out other numbers of conversions than there are, and it may go below zero; here to be compared with.
 */
export function shaoLiGame(table: JourneyTable): Game {
  const rate = rateOf(table);
  const sets = distinctSets(table);
  const worthOf = (channels: readonly number[], companions: number) => {
    let worth = 0;
    channels.forEach((channel, at) => {
      worth += rate(channel, channel);
      for (const other of channels.slice(at + 1))
        worth += (rate(channel, other) - rate(channel, channel) - rate(other, other)) / companions;
    });
    return worth;
  };
  return {
    channels: table.channels.names,
    worth: (members) =>
      sets.reduce((all, { channels, conversions }) => {
        const present = channels.filter((channel) => members[channel] === 1);
        return all + conversions * worthOf(present, Math.max(1, channels.length - 1));
      }, 0),
  };
}

/** Share of converted journeys among those with both channels. */
function rateOf(table: JourneyTable): (one: number, other: number) => number {
  const size = table.channels.size;
  const converted = new Float64Array(size * size);
  const all = new Float64Array(size * size);
  for (const { channels, conversions, nulls } of distinctSets(table))
    for (const one of channels)
      for (const other of channels) {
        const cell = one * size + other;
        converted[cell] = (converted[cell] ?? 0) + conversions;
        all[cell] = (all[cell] ?? 0) + conversions + nulls;
      }
  return (one, other) => {
    const cell = one * size + other;
    return (all[cell] ?? 0) > 0 ? (converted[cell] ?? 0) / (all[cell] ?? 1) : 0;
  };
}

interface ChannelSet {
  readonly channels: readonly number[];
  conversions: number;
  nulls: number;
}

/** Journeys by the set of their channels. */
function distinctSets(table: JourneyTable): ChannelSet[] {
  const sets = new Map<string, ChannelSet>();
  const touches = new Int32Array(table.longest);
  for (let journey = 0; journey < table.size; journey += 1) {
    const length = table.read(journey, touches);
    const channels = [...new Set(touches.subarray(0, length))].sort((a, b) => a - b);
    const set = sets.get(channels.join()) ?? { channels, conversions: 0, nulls: 0 };
    set.conversions += table.outcomes.conversions[journey] ?? 0;
    set.nulls += table.nulls[journey] ?? 0;
    sets.set(channels.join(), set);
  }
  return [...sets.values()];
}
