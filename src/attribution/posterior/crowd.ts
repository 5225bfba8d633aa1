/**
 * People in cells, for the baseline: what covariates and intent make of the days that everybody was watched. People
 * who are alike share a cell; what they differ in is kept as a variance, so that a few dozen cells speak for all.
 */
import type { Column } from '../hazard/sample.ts';

export interface Crowd {
  /** Days of all people of a cell. */
  readonly days: Float64Array;
  /** By column and cell, column first: mean, and variance (of the people, and of how well each is known). */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly columns: number;
}

/** Enough to know the days within a hundredth or two, at slopes as they are. */
const mostCells = 64;

export function crowdOf(days: Float64Array, columns: readonly Column[]): Crowd {
  const cells = split(days, columns, columns.length === 0 ? 1 : mostCells);
  const crowd = {
    days: Float64Array.from(cells, ({ people }) => sum(people, (person) => days[person] ?? 0)),
    mean: new Float64Array(cells.length * columns.length),
    variance: new Float64Array(cells.length * columns.length),
    columns: columns.length,
  };
  cells.forEach(({ people }, index) => {
    columns.forEach((column, at) => {
      const { mean, variance } = momentsOf(people, days, column);
      crowd.mean[at * cells.length + index] = mean;
      crowd.variance[at * cells.length + index] = variance;
    });
  });
  return crowd;
}

interface Cell {
  readonly people: Int32Array;
  /** What a mean and a variance miss of it; 0 where it cannot be split. */
  readonly missed: number;
  /** The column that misses most, and its mean. */
  readonly column: number;
  readonly middle: number;
}

/** Splits the cell that is told worst until there are as many as wanted: few people far out get cells of their own. */
function split(days: Float64Array, columns: readonly Column[], wanted: number): Cell[] {
  const cells = [cellOf(Int32Array.from(days.keys()), days, columns)];
  while (cells.length < wanted) {
    const at = cells.reduce(
      (worst, { missed }, index) => (missed > missedOf(cells[worst]) ? index : worst),
      0,
    );
    const cell = cells[at];
    if (!cell || cell.missed <= 0) break;
    const values = columns[cell.column]?.values ?? days;
    const below = cell.people.filter((person) => (values[person] ?? 0) <= cell.middle);
    const above = cell.people.filter((person) => (values[person] ?? 0) > cell.middle);
    if (below.length === 0 || above.length === 0) cells[at] = { ...cell, missed: 0 };
    else {
      cells[at] = cellOf(below, days, columns);
      cells.push(cellOf(above, days, columns));
    }
  }
  return cells;
}

function missedOf(cell: Cell | undefined): number {
  return cell?.missed ?? 0;
}

/** Slopes are seldom steeper: who is so far from the average weighs exp(this × distance) at the most. */
const steep = 0.5;

/** Third absolute moments, weighted by what a slope makes of people so far out. */
function cellOf(people: Int32Array, days: Float64Array, columns: readonly Column[]): Cell {
  const means = columns.map(({ values }) => meanOf(people, days, values));
  const weight = Math.exp(steep * means.reduce((all, mean) => all + Math.abs(mean), 0));
  const missed = columns.map(({ values }, at) => weight * thirdMoment(people, days, values, means[at] ?? 0));
  const column = missed.reduce((worst, one, at) => (one > (missed[worst] ?? 0) ? at : worst), 0);
  return { people, missed: missed[column] ?? 0, column, middle: means[column] ?? 0 };
}

function meanOf(people: Int32Array, days: Float64Array, values: Float64Array): number {
  let [total, watched] = [0, 0];
  for (const person of people) {
    total += (days[person] ?? 0) * (values[person] ?? 0);
    watched += days[person] ?? 0;
  }
  return watched > 0 ? total / watched : 0;
}

function thirdMoment(people: Int32Array, days: Float64Array, values: Float64Array, mean: number): number {
  let total = 0;
  for (const person of people) {
    const off = Math.abs((values[person] ?? 0) - mean);
    total += (days[person] ?? 0) * off * off * off;
  }
  return total;
}

/** Weighted by days: a day is what can convert. Not watched at all: everybody alike. */
function momentsOf(
  people: Int32Array,
  days: Float64Array,
  { values, variance }: Column,
): { mean: number; variance: number } {
  const watched = sum(people, (person) => days[person] ?? 0);
  const weight = watched > 0 ? (person: number) => (days[person] ?? 0) / watched : () => 1 / people.length;
  const mean = sum(people, (person) => weight(person) * (values[person] ?? 0));
  const apart = sum(people, (person) => weight(person) * ((values[person] ?? 0) - mean) ** 2);
  const unsure = variance ? sum(people, (person) => weight(person) * (variance[person] ?? 0)) : 0;
  return { mean, variance: apart + unsure };
}

function sum(people: Int32Array, of: (person: number) => number): number {
  let total = 0;
  for (const person of people) total += of(person);
  return total;
}

/** By cell, log E exp(slopes · x). */
export function leansIn(
  crowd: Crowd,
  slopes: Float64Array,
  into: Float64Array = new Float64Array(crowd.days.length),
): Float64Array {
  into.fill(0);
  for (let column = 0; column < crowd.columns; column += 1)
    shift(crowd, into, column, 0, slopes[column] ?? 0);
  return into;
}

/** Where one slope changes, the leans change by so much; the others need not be looked at. */
export function shift(crowd: Crowd, leans: Float64Array, column: number, from: number, to: number): void {
  const { mean, variance } = crowd;
  const [more, half] = [to - from, (to * to - from * from) / 2];
  const at = column * leans.length;
  for (let cell = 0; cell < leans.length; cell += 1)
    leans[cell] = (leans[cell] ?? 0) + more * (mean[at + cell] ?? 0) + half * (variance[at + cell] ?? 0);
}

/** Σ over people of days × E exp(slopes · x), by the leans of the cells. */
export function daysBy({ days }: Crowd, leans: Float64Array): number {
  let total = 0;
  for (let cell = 0; cell < days.length; cell += 1) total += (days[cell] ?? 0) * Math.exp(leans[cell] ?? 0);
  return total;
}

/** The same by the slopes. */
export function leanDays(crowd: Crowd, slopes: Float64Array): number {
  return daysBy(crowd, leansIn(crowd, slopes));
}
