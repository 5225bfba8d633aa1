/** Stands for a record that the hub creates, until it has landed under its own id. */
import { parseRef, refText } from '../canonical/names.ts';
import type { CompiledObject } from '../mapping/language/compiled.ts';
import type { LandedRecord } from '../store/contract/landing.ts';
import { valueAt } from './echo.ts';

/** `value`: the hub's id, under which it is created. */
export function externalRefText(connection: string, object: string, value: string): string {
  return refText({ connection, object, id: `external:${value}` });
}

/** The external id in such a ref. */
export function externalIdIn(ref: string): string {
  return parseRef(ref).id.slice('external:'.length);
}

/** What it was created as, if the hub did, by the hub's id that stands in it; the entity may have another by now. */
export function createdAs(
  { object, externalId, uses }: CompiledObject,
  { ref, body }: LandedRecord,
): string | null {
  const use = uses.find(({ vendor }) => vendor === externalId);
  const value = use ? valueAt(body, use.path) : null;
  return typeof value === 'string' && value !== '' ? externalRefText(ref.connection, object, value) : null;
}
