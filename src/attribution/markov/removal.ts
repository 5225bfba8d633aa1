/**
 * Removal effects: what share of the conversions a chain would lose if every state with a channel in it led nowhere.
 *
 * Visits are counted, so P(conversion) is the empirical rate and needs no solving; and what is lost is what first
 * reaches the channel, times its chance to convert from there. Nothing is subtracted, so that small effects are as
 * exact as large ones, and none is ever negative.
 */
import { solveAverages } from './averages.ts';
import type { Chain } from './chain.ts';
import { type Components, componentsOf } from './components.ts';
import { firstOrderLosses, type RemovalEffects } from './first-order.ts';
import { lanes } from './lanes.ts';
import { type Links, turned } from './links.ts';

/**
 * P(conversion) of the chain, solved, as a share of the rate that was counted: 1, up to rounding. The other effects
 * stand on the same solution, so that this is its proof.
 */
export function solvedRate(chain: Chain): number {
  const incoming = turned(chain.outgoing);
  const components = componentsOf(chain.outgoing, incoming);
  const { conversion } = outlookOf({ chain, incoming, components, lastChannels: lastChannels(chain) });
  return chain.starts.reduce((all, starts, state) => all + starts * (conversion[state] ?? 0), 0);
}

/** One inverse is enough for a chain of order 1, while a dense matrix of its channels is small. */
const mostInverted = 400;

/**
 * The removal effect of every channel, exact up to rounding: by one inverse, or by sweeps until what still changes is
 * below 1e-13 of what flows. All zero where nothing converts.
 *
 * @throws RangeError if the sweeps never settle
 */
export function removalEffects(chain: Chain): RemovalEffects {
  return isInverted(chain) ? byInverse(chain) : bySweeps(chain);
}

export function isInverted({ order, size }: Chain): boolean {
  return order === 1 && size <= mostInverted;
}

function byInverse(chain: Chain): RemovalEffects {
  const losses = firstOrderLosses(chain);
  const spread = (lost: Float64Array, total: number) => {
    const effects = new Float64Array(chain.channels.length);
    for (let state = 0; total > 0 && state < chain.size; state += 1)
      effects[chain.windows[state] ?? 0] = Math.max(0, lost[state] ?? 0) / total;
    return effects;
  };
  return {
    conversions: spread(losses.conversions, sum(chain.conversions)),
    values: spread(losses.values, sum(chain.values)),
  };
}

interface Prepared {
  readonly chain: Chain;
  readonly incoming: Links;
  readonly components: Components;
  readonly lastChannels: Int32Array;
}

/** For any order: one system of averages for four channels at a time. */
export function bySweeps(chain: Chain): RemovalEffects {
  const incoming = turned(chain.outgoing);
  const components = componentsOf(chain.outgoing, incoming);
  const prepared = { chain, incoming, components, lastChannels: lastChannels(chain) };
  const outlook = outlookOf(prepared);
  const channels = chain.channels.length;
  const effects = { conversions: new Float64Array(channels), values: new Float64Array(channels) };
  for (let first = 0; first < channels; first += lanes) remove(prepared, first, outlook, effects);
  return effects;
}

function lastChannels({ size, order, windows }: Chain): Int32Array {
  return Int32Array.from({ length: size }, (_, state) => windows[state * order + order - 1] ?? 0);
}

/** What a journey in a state can still hope for, in shares of all conversions and of all value. */
interface Outlook {
  readonly conversion: Float64Array;
  readonly value: Float64Array;
}

function outlookOf({ chain, components, lastChannels }: Prepared): Outlook {
  const { size, conversions, values, visits, outgoing } = chain;
  const total = sum(conversions);
  const totalValue = sum(values);
  const sources = new Float64Array(size * lanes);
  for (let state = 0; state < size; state += 1) {
    sources[state * lanes] = total > 0 ? (conversions[state] ?? 0) / total : 0;
    sources[state * lanes + 1] = totalValue > 0 ? (values[state] ?? 0) / totalValue : 0;
  }
  const x = solveAverages({
    links: outgoing,
    visits,
    sources,
    blocked: new Uint8Array(size),
    weights: new Float64Array(size).fill(1),
    components,
    backwards: true,
    lastChannels,
  });
  return {
    conversion: Float64Array.from({ length: size }, (_, state) => x[state * lanes] ?? 0),
    value: Float64Array.from({ length: size }, (_, state) => x[state * lanes + 1] ?? 0),
  };
}

/** The effects of the channels `first` to `first + lanes - 1`. */
function remove(prepared: Prepared, first: number, outlook: Outlook, effects: RemovalEffects): void {
  const { chain, incoming, components, lastChannels } = prepared;
  const { size, starts, visits } = chain;
  const blocked = blockedLanes(chain, first);
  const sources = new Float64Array(size * lanes);
  for (let state = 0; state < size; state += 1)
    sources.fill(starts[state] ?? 0, state * lanes, state * lanes + lanes);
  const weights = outlook.conversion;
  const x = solveAverages({
    links: incoming,
    visits,
    sources,
    blocked,
    weights,
    components,
    backwards: false,
    lastChannels,
  });
  for (let state = 0; state < size; state += 1) {
    const mask = blocked[state] ?? 0;
    for (let lane = 0; lane < lanes; lane += 1) {
      if (((mask >> lane) & 1) === 0) continue;
      const reached = (starts[state] ?? 0) + entering(incoming, state, x, lane);
      const channel = first + lane;
      effects.conversions[channel] =
        (effects.conversions[channel] ?? 0) + reached * (outlook.conversion[state] ?? 0);
      effects.values[channel] = (effects.values[channel] ?? 0) + reached * (outlook.value[state] ?? 0);
    }
  }
}

function entering({ starts, states, counts }: Links, state: number, x: Float64Array, lane: number): number {
  let journeys = 0;
  const end = starts[state + 1] ?? 0;
  for (let link = starts[state] ?? 0; link < end; link += 1)
    journeys += (counts[link] ?? 0) * (x[(states[link] ?? 0) * lanes + lane] ?? 0);
  return journeys;
}

/** The lanes whose channel is in the state's window. */
function blockedLanes({ size, order, windows }: Chain, first: number): Uint8Array {
  const blocked = new Uint8Array(size);
  for (let state = 0; state < size; state += 1)
    for (let at = state * order; at < (state + 1) * order; at += 1) {
      const lane = (windows[at] ?? -1) - first;
      if (lane >= 0 && lane < lanes) blocked[state] = (blocked[state] ?? 0) | (1 << lane);
    }
  return blocked;
}

function sum(numbers: Float64Array): number {
  return numbers.reduce((all, number) => all + number, 0);
}
