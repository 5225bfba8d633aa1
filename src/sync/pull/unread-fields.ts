/**
 * Fields that the hub's user may not read. What they hold is not known, which is not the same as blank: what was known of them
 * last stays, so that nothing is cleared elsewhere, and the admin is told.
 */

import { z } from 'zod';
import { refText } from '../../canonical/names.ts';
import type { VendorRecord } from '../../connector/contract/reading.ts';
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import { valueAt } from '../echo.ts';
import type { Hub, System } from '../hub.ts';

/** By vendor field: where its value stands in a body. Fields that not every account has are nobody's concern. */
function mappedPaths({ mapping }: System, object: string): ReadonlyMap<string, string> {
  const uses = mapping.objects[object]?.uses.filter(({ optional }) => !optional) ?? [];
  return new Map(uses.map(({ vendor, path }) => [vendor, path]));
}

/** The records with what was last known of the fields that could not be read. */
export async function withLastKnown(
  { store }: Pick<Hub, 'store'>,
  system: System,
  object: string,
  records: readonly VendorRecord[],
): Promise<readonly VendorRecord[]> {
  const paths = mappedPaths(system, object);
  const hidden = (record: VendorRecord) => (record.unread ?? []).flatMap((field) => paths.get(field) ?? []);
  const refOf = ({ id }: VendorRecord) => refText({ connection: system.name, object, id });
  const refs = records.filter((record) => hidden(record).length > 0).map(refOf);
  if (refs.length === 0) return records;
  const known = new Map((await store.landing.get(refs)).map(({ ref, body }) => [refText(ref), body]));
  return records.map((record) => {
    const before = known.get(refOf(record));
    if (before === undefined) return record;
    return {
      ...record,
      body: hidden(record).reduce((body, path) => carried(body, before, path), record.body),
    };
  });
}

function carried(body: JsonObject, before: JsonObject, path: string): JsonObject {
  const value = valueAt(before, path);
  return value === null ? body : placed(body, path.split('.'), value);
}

function placed(body: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject {
  const inner = body[name];
  return {
    ...body,
    [name]: rest.length === 0 ? value : placed(isJsonObject(inner) ? inner : {}, rest, value),
  };
}

const keptSchema = z.array(z.string());

/** Keeps which mapped fields could not be read, for `status` and `check`. */
export async function noteUnread(
  hub: Hub,
  system: System,
  object: string,
  records: readonly VendorRecord[],
): Promise<void> {
  const live = records.filter(({ tombstone }) => tombstone === undefined);
  if (live.length === 0) return;
  const paths = mappedPaths(system, object);
  const fields = [...new Set(live.flatMap(({ unread = [] }) => unread))].filter((field) => paths.has(field));
  const before = await unreadOf(hub, system.name, object);
  if (before.join() === fields.toSorted().join()) return;
  const kept = fields.length === 0 ? null : fields.toSorted();
  await hub.store.connections.saveState(keyOf(system.name, object), kept);
}

/** Vendor fields of which the last reading said nothing. */
export async function unreadOf(
  { store }: Pick<Hub, 'store'>,
  connection: string,
  object: string,
): Promise<string[]> {
  return keptSchema.safeParse(await store.connections.state(keyOf(connection, object))).data ?? [];
}

export function unreadText(object: string, fields: readonly string[]): string {
  return (
    `The hub's user may not read ${fields.map((field) => `${object}.${field}`).join(', ')}. What was last known of ` +
    'it stays. Create the field, grant it (permission set, field-level security, scopes), or take it out of the mapping.'
  );
}

function keyOf(connection: string, object: string): string {
  return `unread:${connection}:${object}`;
}
