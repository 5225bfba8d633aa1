/**
 * Removal effects at order 1, where a state is a channel, from one inverse. With M = visits on the diagonal minus the
 * steps between states, and x = M⁻¹ · conversions, what channel c takes away is x[c] / M⁻¹[c,c] conversions: journeys
 * come to c, for the first time or again, M⁻¹[c,c] times as often as they come for the first time.
 */
import type { Chain } from './chain.ts';
import { solveDense } from './dense.ts';

export interface RemovalEffects {
  /** Per channel of the chain: lost share of the conversions, of their value; 0 to 1. */
  readonly conversions: Float64Array;
  readonly values: Float64Array;
}

/** Conversions and value that each state takes away with it. */
export function firstOrderLosses({ size, visits, outgoing, conversions, values }: Chain): RemovalEffects {
  const width = 2 * size + 2;
  const matrix = new Float64Array(size * width);
  for (let state = 0; state < size; state += 1) {
    const row = state * width;
    matrix[row + state] = visits[state] ?? 0;
    for (let link = outgoing.starts[state] ?? 0; link < (outgoing.starts[state + 1] ?? 0); link += 1)
      matrix[row + (outgoing.states[link] ?? 0)] = -(outgoing.counts[link] ?? 0);
    matrix[row + size + state] = 1;
    matrix[row + 2 * size] = conversions[state] ?? 0;
    matrix[row + 2 * size + 1] = values[state] ?? 0;
  }
  solveDense(matrix, size, width);
  const loss = (state: number, column: number) =>
    (matrix[state * width + 2 * size + column] ?? 0) / (matrix[state * width + size + state] ?? 1);
  return {
    conversions: Float64Array.from({ length: size }, (_, state) => loss(state, 0)),
    values: Float64Array.from({ length: size }, (_, state) => loss(state, 1)),
  };
}
