/** Third step of a sweep: the baseline and what covariates and intent do to it. */
import type { Random } from '../random.ts';
import { daysBy, leansIn, shift } from './crowd.ts';
import { gamma } from './draws.ts';
import { leanAnew } from './lean.ts';
import { anyway, type Sources } from './sources.ts';
import type { Ground, State } from './state.ts';

/** Weak: half a conversion's worth. */
export const baselineShape = 0.5;

export class BaselineStep {
  readonly #ground: Ground;
  /** By column: mean over the crowd's days of the squared deviation, at least a little. */
  readonly #variances: readonly number[];
  /** Of the cells of the crowd, as slopes change one after the other. */
  readonly #leans: Float64Array;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#variances = variancesOf(ground);
    this.#leans = new Float64Array(ground.crowd.days.length);
  }

  /** Slopes by random steps with the baseline integrated out (Metropolis), then the baseline itself. */
  draw(state: State, { cause, drawn }: Sources, random: Random): void {
    const { crowd, centres, spreads, limits } = this.#ground;
    const count = drawn.at(-1) ?? 0;
    let days = state.leanDays;
    const sums = this.#sums(cause);
    const leans = leansIn(crowd, state.slopes, this.#leans);
    for (let column = 0; column < spreads.length; column += 1) {
      const [centre, spread] = [centres[column] ?? 0, spreads[column] ?? 1];
      const narrow = 2 / Math.sqrt(1 / spread ** 2 + count * (this.#variances[column] ?? 0));
      const now = state.slopes[column] ?? 0;
      const next = now + narrow * random.normal();
      if (Math.abs(next) > (limits[column] ?? 0)) continue;
      const before = heightOf(now, sums, column, centre, spread);
      state.slopes[column] = next;
      shift(crowd, leans, column, now, next);
      const nextDays = daysBy(crowd, leans);
      const gain =
        heightOf(next, sums, column, centre, spread) -
        before -
        (baselineShape + count) * Math.log(nextDays / days);
      if (Math.log(random.uniform()) < gain) days = nextDays;
      else {
        state.slopes[column] = now;
        shift(crowd, leans, column, next, now);
      }
    }
    if (days !== state.leanDays) leanAnew(this.#ground, state);
    state.baseline = gamma(random, baselineShape + count, days);
  }

  #sums(cause: Int32Array): Sums {
    const { columns } = this.#ground;
    const sums = { values: new Float64Array(columns.length), variances: new Float64Array(columns.length) };
    cause.forEach((touch, conversion) => {
      if (touch !== anyway) return;
      columns.forEach(({ values, variance }, column) => {
        sums.values[column] = (sums.values[column] ?? 0) + (values[conversion] ?? 0);
        sums.variances[column] = (sums.variances[column] ?? 0) + (variance?.[conversion] ?? 0);
      });
    });
    return sums;
  }
}

/** Over the conversions that came anyway. */
interface Sums {
  readonly values: Float64Array;
  readonly variances: Float64Array;
}

function heightOf(
  slope: number,
  { values, variances }: Sums,
  column: number,
  centre: number,
  spread: number,
): number {
  return (
    slope * (values[column] ?? 0) +
    (slope ** 2 / 2) * (variances[column] ?? 0) -
    ((slope - centre) / spread) ** 2 / 2
  );
}

function variancesOf({ crowd: { days, mean, columns } }: Ground): number[] {
  const all = days.reduce((sum, one) => sum + one, 0);
  return Array.from({ length: columns }, (_, column) => {
    const value = (cell: number) => mean[column * days.length + cell] ?? 0;
    const middle = days.reduce((sum, one, cell) => sum + one * value(cell), 0) / all;
    return days.reduce((sum, one, cell) => sum + one * (value(cell) - middle) ** 2, 0) / all;
  });
}
