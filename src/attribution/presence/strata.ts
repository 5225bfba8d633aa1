/**
 * Whether something goes along with converting among journeys that are alike otherwise: what those that convert have
 * of it, minus what they would have if conversions fell on the journeys of each group by chance (Mantel and Haenszel
 * 1959, for counts as well).
 */
import { journeysOf, type Tally } from './rows.ts';

export interface Surplus {
  /** In standard errors. */
  readonly errors: number;
  /** Relative to what chance would give. */
  readonly relative: number;
}

interface Group {
  journeys: number;
  conversions: number;
  readonly of: Map<number, Moments>;
}

interface Moments {
  sum: number;
  squares: number;
  converting: number;
}

export class Strata {
  readonly #groups = new Map<string, Group>();

  /** @param amounts what each of these journeys has, and how much; whole numbers, and 0 of what is not named */
  add(group: string, tally: Tally, amounts: readonly (readonly [what: number, amount: number])[]): void {
    const known = this.#groups.get(group) ?? { journeys: 0, conversions: 0, of: new Map() };
    const journeys = journeysOf(tally);
    known.journeys += journeys;
    known.conversions += tally.conversions;
    for (const [what, amount] of amounts) {
      const moments = known.of.get(what) ?? { sum: 0, squares: 0, converting: 0 };
      moments.sum += journeys * amount;
      moments.squares += journeys * amount ** 2;
      moments.converting += tally.conversions * amount;
      known.of.set(what, moments);
    }
    this.#groups.set(group, known);
  }

  surplus(): Map<number, Surplus> {
    const all = new Map<number, { surplus: number; expected: number; variance: number }>();
    for (const { journeys, conversions, of } of this.#inOrder()) {
      if (journeys < 2) continue;
      const spread = (conversions * (journeys - conversions)) / (journeys - 1);
      for (const [what, { sum, squares, converting }] of of) {
        const mean = sum / journeys;
        const one = all.get(what) ?? { surplus: 0, expected: 0, variance: 0 };
        one.surplus += converting - conversions * mean;
        one.expected += conversions * mean;
        one.variance += spread * Math.max(0, squares / journeys - mean ** 2);
        all.set(what, one);
      }
    }
    return new Map(
      [...all].map(([what, { surplus, expected, variance }]) => [
        what,
        {
          errors: variance > 0 ? surplus / Math.sqrt(variance) : 0,
          relative: expected > 0 ? surplus / expected : 0,
        },
      ]),
    );
  }

  /** Sums of fractions depend on their order, so it is not that of arrival. */
  #inOrder(): Group[] {
    const keys = [...this.#groups.keys()].sort();
    return keys.flatMap((key) => this.#groups.get(key) ?? []);
  }
}
