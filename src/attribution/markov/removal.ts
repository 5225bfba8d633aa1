/**
 * Removal effects: what share of the conversions a chain would lose if every state with a channel in it led nowhere.
 *
 * With visits counted, P(conversion) is the empirical rate, and the lost part is what first reaches the channel, times
 * its chance to convert from there; nothing is subtracted, so that small effects are as exact as large ones.
 */
import { lanes, solveAverages } from './averages.ts';
import type { Chain } from './chain.ts';

export interface RemovalEffects {
  /** Per channel of the chain: lost share of the conversions, of their value; 0 to 1. */
  readonly conversions: Float64Array;
  readonly values: Float64Array;
}

/** Relative to what is asked for; the next digits are those of the double itself. */
const tolerance = 1e-13;

export function removalEffects(chain: Chain): RemovalEffects {
  const future = futures(chain);
  const conversions = new Float64Array(chain.channels.length);
  const values = new Float64Array(chain.channels.length);
  for (let first = 0; first < chain.channels.length; first += lanes)
    lose(chain, first, future, conversions, values);
  return { conversions, values };
}

interface Futures {
  /** Per state: the chance to convert, the mean value to come. */
  readonly conversion: Float64Array;
  readonly value: Float64Array;
  readonly conversions: number;
  readonly total: number;
}

function futures(chain: Chain): Futures {
  const { size, conversions, values, visits, outgoing } = chain;
  const total = sum(conversions);
  const totalValue = sum(values);
  const sources = new Float64Array(size * lanes);
  for (let i = 0; i < size; i += 1) {
    sources[i * lanes] = conversions[i] ?? 0;
    sources[i * lanes + 1] = totalValue > 0 ? ((values[i] ?? 0) / totalValue) * total : 0;
  }
  const x = new Float64Array(size * lanes);
  const system = {
    links: outgoing,
    visits,
    sources,
    blocked: new Uint8Array(size),
    weights: new Float64Array(size).fill(1),
  };
  solveAverages(system, x, tolerance * total);
  const conversion = new Float64Array(size);
  const value = new Float64Array(size);
  for (let i = 0; i < size; i += 1) {
    conversion[i] = x[i * lanes] ?? 0;
    value[i] = x[i * lanes + 1] ?? 0;
  }
  return { conversion, value, conversions: total, total: totalValue };
}

function lose(
  chain: Chain,
  first: number,
  future: Futures,
  conversions: Float64Array,
  values: Float64Array,
): void {
  const { size, starts, visits, incoming } = chain;
  const blocked = blockedLanes(chain, first);
  const sources = new Float64Array(size * lanes);
  for (let i = 0; i < size; i += 1) sources.fill(starts[i] ?? 0, i * lanes, i * lanes + lanes);
  const x = new Float64Array(size * lanes);
  for (let i = 0; i < size; i += 1)
    for (let lane = 0; lane < lanes; lane += 1) x[i * lanes + lane] = ((blocked[i] ?? 0) >> lane) & 1 ? 0 : 1;
  const system = { links: incoming, visits, sources, blocked, weights: future.conversion };
  solveAverages(system, x, tolerance * future.conversions);
  for (let lane = 0; lane < lanes && first + lane < conversions.length; lane += 1) {
    let lost = 0;
    let lostValue = 0;
    for (let i = 0; i < size; i += 1) {
      if ((((blocked[i] ?? 0) >> lane) & 1) === 0) continue;
      let reached = starts[i] ?? 0;
      for (let link = incoming.starts[i] ?? 0; link < (incoming.starts[i + 1] ?? 0); link += 1)
        reached += (incoming.counts[link] ?? 0) * (x[(incoming.states[link] ?? 0) * lanes + lane] ?? 0);
      lost += reached * (future.conversion[i] ?? 0);
      lostValue += reached * (future.value[i] ?? 0);
    }
    conversions[first + lane] = future.conversions > 0 ? lost / future.conversions : 0;
    values[first + lane] = future.total > 0 ? lostValue / future.conversions : 0;
  }
}

function blockedLanes({ size, order, windows }: Chain, first: number): Uint8Array {
  const blocked = new Uint8Array(size);
  for (let at = 0; at < size * order; at += 1) {
    const lane = (windows[at] ?? -1) - first;
    if (lane >= 0 && lane < lanes)
      blocked[Math.floor(at / order)] = (blocked[Math.floor(at / order)] ?? 0) | (1 << lane);
  }
  return blocked;
}

function sum(numbers: Float64Array): number {
  return numbers.reduce((all, number) => all + number, 0);
}
