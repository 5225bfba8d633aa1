/** When the fields of a landed record came to hold what they hold. */
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import type { LandedRecord } from '../contract/landing.ts';

/** When the present value came about, ms UTC: `exact`, or not later than `at`. */
export interface FieldTime {
  readonly at: number;
  readonly exact: boolean;
}

/** Objects this deep inside the body still have fields of their own: `properties.phone`, `Account.Owner.Name`. */
const depth = 2;

/** The fields of a body under their dotted paths. Lists, empty objects and what lies deeper count as one value. */
export function leaves(body: JsonObject): [path: string, value: Json][] {
  const found: [string, Json][] = [];
  const walk = (object: JsonObject, prefix: string, levels: number): void => {
    for (const [name, value] of Object.entries(object)) {
      const inside = levels > 0 && isJsonObject(value) && Object.keys(value).length > 0;
      if (inside) walk(value, `${prefix}${name}.`, levels - 1);
      else found.push([prefix + name, value]);
    }
  };
  walk(body, '', depth);
  return found;
}

/** Where the field of this name is: its own path, else the first path that ends in it and holds no list. */
export function pathOf(body: JsonObject, name: string): string {
  const fields = leaves(body);
  const [inside] = fields.find(([path, value]) => path.endsWith(`.${name}`) && !Array.isArray(value)) ?? [];
  return fields.some(([path]) => path === name) ? name : (inside ?? name);
}

/**
 * Per path of the body. What the vendor told is exact. Else the first version with the present value tells:
 * exactly, if the version before it held another value; at the latest, if there is none before it, or if that
 * lacked the field (it was not asked for yet), or if the value changed without the record's stamp moving.
 */
export function fieldTimes(
  landed: Pick<LandedRecord, 'body' | 'toldTimes' | 'changes' | 'since'>,
): Record<string, FieldTime> {
  const times = leaves(landed.body).map(([path]): [string, FieldTime] => {
    const told = landed.toldTimes[path];
    if (told !== undefined) return [path, { at: told, exact: true }];
    const change = landed.changes[path];
    if (change === undefined) return [path, { at: landed.since, exact: false }];
    return [path, { at: change.since, exact: change.known && change.since > change.differedAt }];
  });
  return Object.fromEntries(times);
}
