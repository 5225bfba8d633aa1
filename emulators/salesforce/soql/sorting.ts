import type { Json } from '../../../src/support/json.ts';
import { listOf, type RowList } from '../rows/list.ts';
import type { FieldDef, Row } from '../schema/model.ts';
import type { Column } from './columns.ts';
import { folder, order } from './compare.ts';

export interface SortKey<T> {
  readonly field: FieldDef;
  readonly read: (subject: T) => Json;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

type RowKey = SortKey<Row> & Column;

/**
 * Without ORDER BY, records come by id: not by time, so that nobody comes to rely on it. Nothing is sorted
 * where the list is in that order already; it comes by (SystemModstamp, Id).
 */
export function inOrder(rows: RowList, keys: readonly RowKey[]): RowList {
  if (isTimeOrder(keys) || (rows.sameById === true && isIdOrder(keys))) return rows;
  return listOf(rows.toArray().sort(keys.length === 0 ? byId : sorter(keys)));
}

function byId(one: Row, other: Row): number {
  return String(one.Id) < String(other.Id) ? -1 : 1;
}

function isTimeOrder(keys: readonly RowKey[]): boolean {
  const [first, second] = keys.map((key) => (key.descending ? '' : key.names.join('.')));
  return first === 'SystemModstamp' && (second === undefined || second === 'Id');
}

function isIdOrder([first]: readonly RowKey[]): boolean {
  return first === undefined || (first.names.join('.') === 'Id' && !first.descending);
}

/** Nulls come first in both directions, unless the query says otherwise. */
export function sorter<T>(keys: readonly SortKey<T>[]): (one: T, other: T) => number {
  const compares = keys.map(compareBy);
  return (one, other) => {
    for (const compare of compares) {
      const sign = compare(one, other);
      if (sign !== 0) return sign;
    }
    return 0;
  };
}

function compareBy<T>({ field, read, descending, nullsLast }: SortKey<T>): (one: T, other: T) => number {
  const fold = folder(field);
  const direction = descending ? -1 : 1;
  const ofNull = nullsLast ? 1 : -1;
  return (one, other) => {
    const left = fold(read(one));
    const right = fold(read(other));
    if (left === null || right === null) return left === right ? 0 : left === null ? ofNull : -ofNull;
    return order(left, right) * direction;
  };
}
