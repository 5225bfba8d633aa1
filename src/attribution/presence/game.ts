/**
 * Credit of the channels of a set by the Shapley value of the chance of converting: what each brings on the way from
 * no channel at all to all of them, over every order of coming. Exact for sets of up to twenty channels while all sets
 * together stay within some seconds of work; from random orders, each taken both ways, with a stated error, beyond.
 */
import { Random } from '../random.ts';
import { mostExactPlayers, shapleyExact } from '../shapley/exact.ts';
import { shuffle } from '../shapley/sampled.ts';
import type { PresenceFit } from './fit.ts';
import { chance } from './logistic.ts';

/** Coalitions times players. */
const mostWork = 5e7;
/** Random orders, each taken both ways. */
const orders = 100;

export interface SetCredit {
  /** In the order of the set. They sum to the chance with all of them minus that with none. */
  readonly parts: Float64Array;
  /** Standard errors; 0 where the parts are exact. */
  readonly errors: Float64Array;
}

/** @param index of the set, which names its random orders */
export type CreditOfSet = (channels: readonly number[], index: number) => SetCredit;

/** @param sizes how many channels each set has that will be asked for */
export function creditBySet(fit: PresenceFit, sizes: readonly number[]): CreditOfSet {
  const exact = mostExact(sizes);
  const partners = partnersIn(fit);
  return (channels, index) => {
    if (channels.length > exact) return sampled(fit, partners, channels, index);
    const worth = chances(fit, partners, channels);
    const parts = shapleyExact(channels.length, (coalition) => worth[coalition] ?? 0);
    return { parts, errors: new Float64Array(channels.length) };
  };
}

/** The largest size up to which all sets are taken exactly. */
function mostExact(sizes: readonly number[]): number {
  const sets = new Float64Array(mostExactPlayers + 1);
  for (const size of sizes) if (size <= mostExactPlayers) sets[size] = (sets[size] ?? 0) + 1;
  let work = 0;
  for (let size = 1; size <= mostExactPlayers; size += 1) {
    work += (sets[size] ?? 0) * size * 2 ** size;
    if (work > mostWork) return size - 1;
  }
  return mostExactPlayers;
}

/** By channel, the channels with which it has an effect, and that effect. */
type Partners = ReadonlyMap<number, ReadonlyMap<number, number>>;

function partnersIn({ pairs }: PresenceFit): Partners {
  const partners = new Map<number, Map<number, number>>();
  const note = (one: number, other: number, effect: number) =>
    partners.set(one, (partners.get(one) ?? new Map<number, number>()).set(other, effect));
  for (const { one, other, effect } of pairs) {
    note(one, other, effect);
    note(other, one, effect);
  }
  return partners;
}

/** By coalition, each from the one without its last channel. */
function chances(fit: PresenceFit, partners: Partners, channels: readonly number[]): Float64Array {
  const scores = new Float64Array(2 ** channels.length);
  scores[0] = fit.intercept;
  channels.forEach((channel, high) => {
    const effect = fit.effects[channel] ?? 0;
    const withLower = channels.slice(0, high).map((lower) => partners.get(channel)?.get(lower) ?? 0);
    for (let lower = 0; lower < 2 ** high; lower += 1) {
      let score = (scores[lower] ?? 0) + effect;
      for (let at = 0; at < high; at += 1) if ((lower >> at) & 1) score += withLower[at] ?? 0;
      scores[lower + 2 ** high] = score;
    }
  });
  return scores.map(chance);
}

function sampled(
  fit: PresenceFit,
  partners: Partners,
  channels: readonly number[],
  index: number,
): SetCredit {
  const random = new Random(1, index);
  const order = Int32Array.from(channels, (_, at) => at);
  const sums = new Float64Array(channels.length);
  const squares = new Float64Array(channels.length);
  for (let pair = 0; pair < orders; pair += 1) {
    shuffle(order, random);
    const brought = new Float64Array(channels.length);
    join(fit, partners, channels, order, brought);
    join(fit, partners, channels, order.reverse(), brought);
    brought.forEach((both, at) => {
      sums[at] = (sums[at] ?? 0) + both / 2;
      squares[at] = (squares[at] ?? 0) + (both / 2) ** 2;
    });
  }
  const parts = sums.map((sum) => sum / orders);
  const variance = (at: number) => Math.max(0, (squares[at] ?? 0) / orders - (parts[at] ?? 0) ** 2);
  return { parts, errors: parts.map((_, at) => Math.sqrt(variance(at) / (orders - 1))) };
}

/** Adds what each channel brings when they come in this order. */
function join(
  fit: PresenceFit,
  partners: Partners,
  channels: readonly number[],
  order: Int32Array,
  brought: Float64Array,
): void {
  const present = new Set<number>();
  let score = fit.intercept;
  let before = chance(score);
  for (const at of order) {
    const channel = channels[at] ?? 0;
    score += fit.effects[channel] ?? 0;
    for (const [other, effect] of partners.get(channel) ?? []) if (present.has(other)) score += effect;
    present.add(channel);
    const after = chance(score);
    brought[at] = (brought[at] ?? 0) + after - before;
    before = after;
  }
}
