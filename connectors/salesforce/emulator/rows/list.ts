import type { Row } from '../schema/model.ts';
import { keyOf, type Place, type SortedRows } from './sorted.ts';
import type { SyntheticRows } from './synthetic.ts';

/** A snapshot of which records a query found; their values are read when a page is served. */
export interface RowList {
  readonly length: number;
  /** The order by id is the same. */
  readonly sameById?: boolean;
  at(index: number): Row;
}

export function listOf(rows: readonly Row[]): RowList {
  return { length: rows.length, at: (index) => rows[index] as Row };
}

export function slice(list: RowList, from: number, length: number): RowList {
  return { length: Math.max(0, Math.min(length, list.length - from)), at: (index) => list.at(from + index) };
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
  return { length, sameById: true, at: (index) => synthetic.at(first + index) };
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
  return { length: merged.length, at: (index) => resolve(merged[index]) };
}
