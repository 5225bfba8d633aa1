import type { Json } from '../../../../src/support/json.ts';
import type { FieldDef } from '../schema/model.ts';
import { folder, order } from './compare.ts';

export interface SortKey<T> {
  readonly field: FieldDef;
  readonly read: (subject: T) => Json;
  readonly descending: boolean;
  readonly nullsLast: boolean;
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
