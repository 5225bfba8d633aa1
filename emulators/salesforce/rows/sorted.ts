import type { Row } from '../schema/model.ts';

/**
 * A place in the order (SystemModstamp, Id), as a string that sorts against the keys of records: `stamp id`.
 * A blank sorts before `!`, so `stamp` lies before all records of that second and `stamp!` after them.
 */
export type Place = string;

export const start: Place = '';
export const end: Place = '\uffff';
export const beforeStamp = (stamp: string): Place => stamp;
export const afterStamp = (stamp: string): Place => `${stamp}!`;
export const beforeId = (stamp: string, id: string): Place => `${stamp} ${id}`;
export const afterId = (stamp: string, id: string): Place => `${stamp} ${id}!`;

export function keyOf(row: Row): Place {
  return beforeId(String(row.SystemModstamp), String(row.Id));
}

/** The first index for which `isBefore` is false, when it is true for all indexes before. */
export function lowerBound(length: number, isBefore: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Records in the order (SystemModstamp, Id), found by binary search. */
export interface SortedRows {
  readonly rows: readonly Row[];
  add(row: Row): void;
  /** The row must still have the stamp with which it was added. */
  remove(row: Row): void;
  /** Number of records before the place. */
  indexOf(place: Place): number;
}

export function sortedRows(): SortedRows {
  const rows: Row[] = [];
  const indexOf = (place: Place) => lowerBound(rows.length, (index) => keyOf(rows[index] as Row) < place);
  return {
    rows,
    indexOf,
    add(row) {
      const last = rows.at(-1);
      if (last === undefined || keyOf(last) < keyOf(row)) rows.push(row);
      else rows.splice(indexOf(keyOf(row)), 0, row);
    },
    remove(row) {
      const index = indexOf(keyOf(row));
      if (rows[index] === row) rows.splice(index, 1);
    },
  };
}
