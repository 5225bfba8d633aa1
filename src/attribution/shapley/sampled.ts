/**
 * Shapley values of a game with many players, from random orders of joining (Castro, Gómez, Tejada 2009), each order
 * taken forwards and backwards: what a player brings early and late evens out, and the error shrinks (antithetic
 * sampling; Mitchell, Cooper, Frank, Holmes 2022). The error is stated: standard errors over the pairs.
 */
import { Random } from '../random.ts';

export interface SampledShapley {
  /** They sum to the worth of all players minus that of none, whatever the sample. */
  readonly values: Float64Array;
  /** Standard error of each value. */
  readonly errors: Float64Array;
}

export interface Sampling {
  /** Orders of joining, each used in both directions; at least 2. */
  readonly pairs: number;
  readonly seed: number;
}

/** @param worth what a coalition is worth: cell `p` is 1 where player `p` is in it; the array is reused */
export function shapleySampled(
  players: number,
  worth: (members: Uint8Array) => number,
  { pairs, seed }: Sampling,
): SampledShapley {
  const random = new Random(seed);
  const order = Int32Array.from({ length: players }, (_, player) => player);
  const sums = new Float64Array(players);
  const squares = new Float64Array(players);
  const brought = new Float64Array(players);
  for (let pair = 0; pair < pairs; pair += 1) {
    shuffle(order, random);
    brought.fill(0);
    join(order, worth, brought);
    join(order.reverse(), worth, brought);
    for (let player = 0; player < players; player += 1) {
      const mean = (brought[player] ?? 0) / 2;
      sums[player] = (sums[player] ?? 0) + mean;
      squares[player] = (squares[player] ?? 0) + mean ** 2;
    }
  }
  const values = sums.map((sum) => sum / pairs);
  const errors = squares.map((square, player) => {
    const variance = Math.max(0, square / pairs - (values[player] ?? 0) ** 2);
    return Math.sqrt(variance / Math.max(1, pairs - 1));
  });
  return { values, errors };
}

/** Adds what each player brings when they join in this order. */
function join(order: Int32Array, worth: (members: Uint8Array) => number, brought: Float64Array): void {
  const members = new Uint8Array(order.length);
  let before = worth(members);
  for (const player of order) {
    members[player] = 1;
    const after = worth(members);
    brought[player] = (brought[player] ?? 0) + after - before;
    before = after;
  }
}

/** Fisher and Yates. */
export function shuffle(order: Int32Array, random: Random): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random.uniform() * (at + 1));
    const held = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = held;
  }
}
