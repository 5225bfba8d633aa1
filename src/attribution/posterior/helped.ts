/** What channels that help each other make of the touches of one journey. */
import { freshDays } from './company.ts';
import type { SeenTouch } from './history.ts';
import type { PosteriorFit } from './parameters.ts';

export class Helped {
  readonly #draws: number;
  readonly #members: readonly number[];
  /** By pair, where it helps in any draw: b of each draw. */
  readonly #helps = new Map<number, Float64Array>();

  constructor({ draws, company = { members: [], helps: [] } }: PosteriorFit) {
    this.#draws = draws.length;
    this.#members = company.members;
    company.helps.forEach((flat, draw) => {
      for (let at = 0; at < flat.length; at += 2) {
        const cell = flat[at] ?? 0;
        const own = this.#helps.get(cell) ?? new Float64Array(this.#draws);
        own[draw] = flat[at + 1] ?? 0;
        this.#helps.set(cell, own);
      }
    });
  }

  /** By touch, the factors of all draws; null where nothing helps it. At the end of the journey. */
  of(touches: readonly SeenTouch[]): (touch: SeenTouch) => Float64Array | null {
    if (this.#helps.size === 0) return () => null;
    const place = ({ channel }: SeenTouch) => this.#members.indexOf(channel);
    const fresh = new Set(touches.filter(({ ageDays }) => ageDays < freshDays).map(place));
    const known = new Map<number, Float64Array | null>();
    return (touch) => {
      const own = place(touch);
      if (own < 0) return null;
      const factors = known.get(own) ?? this.#factors(own, fresh);
      known.set(own, factors);
      return factors;
    };
  }

  #factors(own: number, fresh: ReadonlySet<number>): Float64Array | null {
    let factors: Float64Array | null = null;
    for (const other of fresh) {
      const helps = this.#helps.get(own * this.#members.length + other);
      if (other < 0 || !helps) continue;
      factors ??= new Float64Array(this.#draws).fill(1);
      for (let draw = 0; draw < this.#draws; draw += 1)
        factors[draw] = (factors[draw] ?? 1) + (helps[draw] ?? 0);
    }
    return factors;
  }
}
