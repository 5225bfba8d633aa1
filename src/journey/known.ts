/** What is known of prospects, column by column: means over their people, and the frequent ones of all categories. */
import { categoryIn, categoryName } from '../attribution/category.ts';
import type { Covariate } from '../attribution/hazard/observations.ts';
import { Column } from './columns.ts';

/** Of one covariate, a category has one of these for each value; the counts of people are the covariate's own. */
interface Sums {
  readonly sum: Column;
  readonly people: Column;
}

/** What is to be told apart by a category: at most so many of one covariate, each with enough people and conversions. */
const most = 3;
const leastPart = 0.05;
const conversionsEach = 20;

export class Known {
  readonly #columns: readonly (Sums & {
    readonly name: string;
    readonly values: Map<string, Map<number, number>>;
  })[];

  /** @param names of the covariates, as `parseCovariate` reads them */
  constructor(names: readonly string[]) {
    this.#columns = names.map((name) => ({
      name,
      sum: new Column(),
      people: new Column(),
      values: new Map(),
    }));
  }

  /** One prospect more, of whom nothing is known yet. */
  grow(): void {
    for (const { sum, people } of this.#columns) {
      sum.push(0);
      people.push(0);
    }
  }

  /** @param told of one person of the prospect, see `covariatesOf` */
  add(prospect: number, told: Readonly<Record<string, number>>): void {
    for (const { name, sum, people } of this.#columns) {
      const value = told[name];
      if (value === undefined) continue;
      sum.set(prospect, sum.at(prospect) + value);
      people.set(prospect, people.at(prospect) + 1);
    }
    for (const [name, part] of Object.entries(told)) {
      const category = categoryIn(name);
      const own = category && this.#columns.find((column) => column.name === category.field);
      if (!category || !own) continue;
      const parts = own.values.get(category.value) ?? new Map<number, number>();
      parts.set(prospect, (parts.get(prospect) ?? 0) + part);
      own.values.set(category.value, parts);
    }
  }

  /** @param conversions of all prospects */
  covariates(conversions: number): Covariate[] {
    return this.#columns.flatMap(({ name, sum, people, values }): Covariate[] => {
      if (values.size === 0) return [{ name, values: means(sum.values(), people) }];
      const known = people.values().reduce((all, one) => all + Number(one > 0), 0);
      return frequent(values, known, conversions).map(([value, parts]) => ({
        name: categoryName(name, value),
        values: means(
          sum.values().map((_, prospect) => parts.get(prospect) ?? 0),
          people,
        ),
      }));
    });
  }
}

type Parts = ReadonlyMap<number, number>;

/** The most frequent first; of two as frequent that which is first in the alphabet. */
function frequent(values: ReadonlyMap<string, Parts>, known: number, conversions: number): [string, Parts][] {
  const room = Math.min(most, Math.floor(conversions / conversionsEach));
  return [...values]
    .filter(([, parts]) => parts.size >= leastPart * known)
    .sort(([one, some], [other, others]) => others.size - some.size || (one < other ? -1 : 1))
    .slice(0, room);
}

/** Of a prospect that nothing is known of, what is known of the others on average: that moves nothing. */
function means(sums: Float64Array, people: Column): Float64Array {
  const values = sums.map((one, prospect) => one / people.at(prospect));
  const told = values.filter((value) => !Number.isNaN(value));
  const typical = told.length === 0 ? 0 : told.reduce((all, one) => all + one, 0) / told.length;
  return values.map((value) => (Number.isNaN(value) ? typical : value));
}
