/**
 * What all draws of a posterior say of one journey after the other. Numbers stand touch by touch, for each a cell per
 * draw, in memory that the next journey uses again: deals are many, and each asks hundreds of draws.
 */
import type { Journey } from '../model.ts';
import { Columns } from './columns.ts';
import { Discrepancy } from './discrepancy.ts';
import { Helped } from './helped.ts';
import { leftOut, type SeenJourney, type SeenTouch, seen } from './history.ts';
import { shapes } from './kernels.ts';
import { type ChannelDraw, type Draw, drawOf, type PosteriorFit } from './parameters.ts';
import { baselineOf } from './rate.ts';

export class Reader {
  readonly #fit: PosteriorFit;
  readonly #draws: readonly Draw[];
  readonly #discrepancy: Discrepancy;
  readonly #ids: ReadonlyMap<string, number>;
  readonly #helped: Helped;
  readonly #channels: ChannelColumns;
  readonly #rates: Columns;
  readonly #expected: Columns;
  readonly #moved: Columns;
  #journey: Journey | undefined;
  #seen: SeenJourney | undefined;
  /** Which columns are those of the journey. */
  readonly #read = { rates: false, expected: false, moved: false };

  constructor(fit: PosteriorFit) {
    const slopes = fit.covariates.length + (fit.intent ? 1 : 0);
    this.#fit = fit;
    this.#draws = fit.draws.map((row) => drawOf(row, slopes));
    this.#discrepancy = new Discrepancy(fit, this.#draws);
    this.#helped = new Helped(fit);
    this.#ids = new Map([
      ...fit.channels.map(({ name }, id) => [name, id] as const),
      ...fit.causedByDeal.map((name) => [name, leftOut] as const),
    ]);
    this.#channels = new ChannelColumns(this.#draws);
    this.#rates = new Columns(this.#draws.length);
    this.#expected = new Columns(this.#draws.length);
    this.#moved = new Columns(this.#draws.length);
  }

  get draws(): number {
    return this.#draws.length;
  }

  /** Conversions per day at the end of the journey. Valid until another journey is read, like all others here. */
  rates(journey: Journey): Columns {
    const own = this.#turnTo(journey);
    if (!this.#read.rates) {
      const { leastAge } = this.#fit;
      this.#fill(
        this.#rates,
        own,
        1,
        ({ density }, age, halfLife) => density(Math.max(age, leastAge), halfLife),
        this.#helped.of(own.touches),
      );
    }
    this.#read.rates = true;
    return this.#rates;
  }

  /** Conversions that were to be expected in all the time of the journey. */
  expected(journey: Journey): Columns {
    const own = this.#turnTo(journey);
    if (!this.#read.expected)
      this.#fill(this.#expected, own, own.days, ({ cumulative }, age, halfLife) => cumulative(age, halfLife));
    this.#read.expected = true;
    return this.#expected;
  }

  /** The rates as they may be for this deal: see `Discrepancy`. */
  moved(journey: Journey): Columns {
    const rates = this.rates(journey);
    const own = this.#turnTo(journey);
    if (!this.#read.moved) this.#discrepancy.move(own, rates, this.#moved);
    this.#read.moved = true;
    return this.#moved;
  }

  #turnTo(journey: Journey): SeenJourney {
    if (this.#journey === journey && this.#seen) return this.#seen;
    const own = seen(this.#fit, this.#ids, journey);
    this.#journey = journey;
    this.#seen = own;
    this.#read.rates = false;
    this.#read.expected = false;
    this.#read.moved = false;
    return own;
  }

  /** @param days by which the baseline counts */
  #fill(
    into: Columns,
    own: SeenJourney,
    days: number,
    kernel: Kernel,
    help: (touch: SeenTouch) => Float64Array | null = () => null,
  ): void {
    into.begin(own.touches.length);
    for (let draw = 0; draw < this.draws; draw += 1) {
      const one = this.#draws[draw];
      into.baseline[draw] = one ? baselineOf(one, own) * days : 0;
    }
    into.whole.set(into.baseline);
    own.touches.forEach((touch, at) => {
      const cells = into.touches.subarray(at * this.draws, (at + 1) * this.draws);
      this.#channels.fill(cells, touch, kernel);
      const factors = help(touch);
      if (factors)
        for (let draw = 0; draw < cells.length; draw += 1)
          cells[draw] = (cells[draw] ?? 0) * (factors[draw] ?? 1);
      for (let draw = 0; draw < cells.length; draw += 1)
        into.whole[draw] = (into.whole[draw] ?? 0) + (cells[draw] ?? 0);
    });
  }
}

type Kernel = (shape: (typeof shapes)[number], age: number, halfLife: number) => number;

/** The draws of all channels, by group. */
class ChannelColumns {
  readonly #groups: readonly ChannelColumn[];

  constructor(draws: readonly Draw[]) {
    const groups = draws[0]?.channels.length ?? 0;
    this.#groups = Array.from(
      { length: groups },
      (_, group) => new ChannelColumn(draws.flatMap(({ channels }) => channels[group] ?? [])),
    );
  }

  /** What the touch gives by each draw; nothing where it is left out. */
  fill(cells: Float64Array, touch: SeenTouch, kernel: Kernel): void {
    const group = this.#groups[touch.channel];
    if (touch.channel === leftOut || !group) cells.fill(0);
    else group.fill(cells, touch, kernel);
  }
}

/** The draws of one channel. Kernels and tirings lie on grids: hundreds of draws share a few dozens of them. */
class ChannelColumn {
  readonly #effects: Float64Array;
  readonly #kernels: Distinct<ChannelDraw>;
  readonly #tirings: Distinct<number>;

  constructor(draws: readonly ChannelDraw[]) {
    this.#effects = Float64Array.from(draws, ({ effect }) => effect);
    this.#kernels = new Distinct(draws, ({ shape, halfLifeDays }) => `${shape} ${halfLifeDays}`);
    this.#tirings = new Distinct(
      draws.map(({ tiring }) => tiring),
      String,
    );
  }

  fill(cells: Float64Array, { ageDays, rank }: SeenTouch, kernel: Kernel): void {
    const parts = this.#kernels.values(({ shape, halfLifeDays }) => {
      const own = shapes[shape];
      return own ? kernel(own, ageDays, halfLifeDays) : 0;
    });
    const fresh = this.#tirings.values((tiring) => (rank === 1 || tiring === 0 ? 1 : rank ** -tiring));
    const [effects, kernels, tirings] = [this.#effects, this.#kernels.at, this.#tirings.at];
    for (let draw = 0; draw < cells.length; draw += 1)
      cells[draw] =
        (effects[draw] ?? 0) * (fresh[tirings[draw] ?? 0] ?? 1) * (parts[kernels[draw] ?? 0] ?? 0);
  }
}

/** The values of a column, each once. */
class Distinct<T> {
  /** Which value each cell of the column has. */
  readonly at: Uint32Array;
  readonly #known: readonly T[];
  readonly #values: Float64Array;

  constructor(column: readonly T[], keyOf: (value: T) => string) {
    const byKey = new Map<string, { readonly index: number; readonly value: T }>();
    for (const value of column) {
      const key = keyOf(value);
      if (!byKey.has(key)) byKey.set(key, { index: byKey.size, value });
    }
    this.at = Uint32Array.from(column, (value) => byKey.get(keyOf(value))?.index ?? 0);
    this.#known = [...byKey.values()].map(({ value }) => value);
    this.#values = new Float64Array(this.#known.length);
  }

  /** Of each value a number, in memory that the next call uses again. */
  values(of: (value: T) => number): Float64Array {
    for (let index = 0; index < this.#known.length; index += 1) {
      const value = this.#known[index];
      if (value !== undefined) this.#values[index] = of(value);
    }
    return this.#values;
  }
}
