/** How much a touch does, by how many of its channel came before it. */
import { tirings } from './tirings.ts';

/** Tables of n^(−tiring). */
export class RankWeights {
  readonly #rows: readonly Float64Array[];

  constructor(ranks: Int32Array) {
    const most = ranks.reduce((largest, one) => Math.max(largest, one), 1);
    this.#rows = tirings.map((tiring) =>
      Float64Array.from({ length: most + 1 }, (_, rank) => rank ** -tiring),
    );
  }

  /**
   * By rank, from 1 on.
   *
   * @param tiring index into `tirings`
   */
  of(tiring: number): Float64Array {
    return this.#rows[tiring] ?? new Float64Array();
  }
}
