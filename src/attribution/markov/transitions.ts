/** The transition table of a chain, for people and other programs. */
import type { Chain } from './chain.ts';

export interface Transition {
  /** Channels of the state, oldest first, or `(start)`. */
  readonly from: string;
  /** Channels of the state, or `(conversion)`, or `(null)`. */
  readonly to: string;
  readonly journeys: number;
  /** Among all that leave `from`. */
  readonly probability: number;
}

/** All transitions that were seen: out of the start first, then by state. `separator` joins the channels of a state. */
export function* transitionsOf(chain: Chain, separator = ' > '): Generator<Transition> {
  const { size, starts, visits, conversions, nulls, outgoing } = chain;
  const name = (state: number) => nameOf(chain, state, separator);
  const journeys = starts.reduce((all, count) => all + count, 0);
  for (let state = 0; state < size; state += 1)
    yield* transition('(start)', name(state), starts[state] ?? 0, journeys);
  for (let state = 0; state < size; state += 1) {
    const from = name(state);
    const leaving = visits[state] ?? 0;
    for (let link = outgoing.starts[state] ?? 0; link < (outgoing.starts[state + 1] ?? 0); link += 1)
      yield* transition(from, name(outgoing.states[link] ?? 0), outgoing.counts[link] ?? 0, leaving);
    yield* transition(from, '(conversion)', conversions[state] ?? 0, leaving);
    yield* transition(from, '(null)', nulls[state] ?? 0, leaving);
  }
}

function* transition(from: string, to: string, journeys: number, leaving: number): Generator<Transition> {
  if (journeys > 0) yield { from, to, journeys, probability: journeys / leaving };
}

function nameOf({ windows, order, channels }: Chain, state: number, separator: string): string {
  return [...windows.subarray(state * order, (state + 1) * order)]
    .filter((channel) => channel >= 0)
    .map((channel) => channels[channel])
    .join(separator);
}
