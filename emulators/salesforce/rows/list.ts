import type { Row } from '../schema/model.ts';
import { keyOf, type Place, type SortedRows } from './sorted.ts';
import type { SyntheticRows } from './synthetic.ts';

/** A snapshot of which records a query found; their values are read when a page is served. */
export interface RowList {
  readonly length: number;
  /** The order by id is the same. */
  readonly sameById?: boolean;
  at(index: number): Row;
  toArray(): Row[];
}

function lazily(length: number, at: (index: number) => Row, sameById = false): RowList {
  return { length, sameById, at, toArray: () => Array.from({ length }, (_, index) => at(index)) };
}

export function listOf(rows: readonly Row[]): RowList {
  return lazily(rows.length, (index) => rows[index] as Row);
}

export function slice(list: RowList, from: number, length: number): RowList {
  return lazily(Math.max(0, Math.min(length, list.length - from)), (index) => list.at(from + index));
}

/** Those that pass a test; only their numbers are kept. */
export function pick(list: RowList, test: (row: Row) => boolean): RowList {
  const kept: number[] = [];
  for (let index = 0; index < list.length; index++) if (test(list.at(index))) kept.push(index);
  return lazily(kept.length, (index) => list.at(kept[index] ?? 0), list.sameById);
}

export function storedRange(stored: SortedRows, from: Place, to: Place): readonly Row[] {
  return stored.rows.slice(stored.indexOf(from), stored.indexOf(to));
}

/** Stored and computed records between two places; `taken` are the computed ones that are stored by now. */
export function mixedRange(
  rows: readonly Row[],
  synthetic: SyntheticRows,
  taken: ReadonlySet<number>,
  from: Place,
  to: Place,
): RowList {
  const first = synthetic.indexOf(from);
  const length = Math.max(0, synthetic.indexOf(to) - first);
  if (rows.length > 0 || taken.size > 0) return merge(rows, synthetic, taken, first, first + length);
  return lazily(length, (index) => synthetic.at(first + index), true);
}

/** Computed records are held as their numbers, eight bytes each. */
function merge(
  rows: readonly Row[],
  synthetic: SyntheticRows,
  taken: ReadonlySet<number>,
  first: number,
  last: number,
): RowList {
  const merged: (Row | number)[] = [];
  let next = first;
  const fillTo = (bound: number) => {
    for (; next < bound; next++) if (!taken.has(next)) merged.push(next);
  };
  for (const row of rows) {
    fillTo(Math.min(last, synthetic.indexOf(keyOf(row))));
    merged.push(row);
  }
  fillTo(last);
  const resolve = (one: Row | number | undefined) =>
    typeof one === 'number' ? synthetic.at(one) : (one as Row);
  return lazily(merged.length, (index) => resolve(merged[index]));
}
