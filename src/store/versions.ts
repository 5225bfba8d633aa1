/**
 * When did a field get its present value? Of earlier versions of a record only a short hash of each field is
 * kept; the answer follows from where, going back, the hash first differs.
 */
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import type { EarlierVersion, LandedRecord } from './contract.ts';

/** When the present value came about: `exact`, or not later than `at` (ms UTC). */
export interface FieldTime {
  readonly at: number;
  readonly exact: boolean;
}

/** Objects this deep inside the body still have fields of their own: `properties.phone`, `Account.Owner.Name`. */
const depth = 2;

/** 48 bits: two values of one field that meet by chance are nothing to fear. */
const digits = 12;

/** The fields of a body under their dotted paths. Lists, empty objects and what lies deeper count as one value. */
export function leaves(body: JsonObject): [path: string, value: Json][] {
  const found: [string, Json][] = [];
  const walk = (object: JsonObject, prefix: string, levels: number): void => {
    for (const [name, value] of Object.entries(object)) {
      if (levels > 0 && isJsonObject(value) && Object.keys(value).length > 0)
        walk(value, `${prefix}${name}.`, levels - 1);
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

/** A short hash of each field's value, by path. Equal values have equal hashes, whatever the order of members. */
export function fieldHashes(body: JsonObject): Record<string, string> {
  return Object.fromEntries(leaves(body).map(([path, value]) => [path, hashOf(value)]));
}

function hashOf(value: Json): string {
  return fingerprint(canonicalJson(value), digits);
}

/**
 * Per path of the body. What the vendor told wins, unless a kept version shows that it is stale. Else the
 * earliest version of the unbroken newest run with the present value tells: exactly, where the version before
 * it held another value; at the latest, where none is known or it lacked the field (it was not asked for yet).
 */
export function fieldTimes(
  landed: Pick<LandedRecord, 'body' | 'modifiedAt' | 'toldTimes' | 'earlier'>,
): Record<string, FieldTime> {
  const times = leaves(landed.body).map(([path, value]): [string, FieldTime] => {
    const run = landed.earlier.length === 0 ? noRun : newestRun(landed.earlier, path, hashOf(value));
    const told = landed.toldTimes[path];
    if (told !== undefined && told > run.differedAt) return [path, { at: told, exact: true }];
    return [
      path,
      { at: Math.min(landed.modifiedAt, run.since), exact: run.differedAt > Number.NEGATIVE_INFINITY },
    ];
  });
  return Object.fromEntries(times);
}

interface NewestRun {
  /** Time of the earliest earlier version that has the present value, with none in between that has not. */
  readonly since: number;
  /** Time of the version before it, if that held another value. */
  readonly differedAt: number;
}

const noRun: NewestRun = { since: Number.POSITIVE_INFINITY, differedAt: Number.NEGATIVE_INFINITY };

function newestRun(earlier: readonly EarlierVersion[], path: string, hash: string): NewestRun {
  let { since } = noRun;
  for (const version of earlier) {
    const other = version.hashes[path];
    if (other === undefined) return { since, differedAt: noRun.differedAt };
    if (other !== hash) return { since, differedAt: version.modifiedAt };
    since = version.modifiedAt;
  }
  return { since, differedAt: noRun.differedAt };
}
