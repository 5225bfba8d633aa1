/** The record that a person means: by an id of either length, an object and an id, an address from the browser, or an e-mail address. */

import { addressKey } from '../canonical/address.ts';
import type { RecordRef } from '../canonical/model.ts';
import { parseRef, recordOf, refText } from '../canonical/names.ts';
import { Problem } from '../support/problem.ts';
import { siteOf } from '../sync/addresses.ts';
import type { Hub, System } from '../sync/hub.ts';

/** More records than this under one e-mail address say nothing any more. */
const most = 50;

/**
 * Text refs of landed records; empty when nothing of that name has come in. `given` is as a person typed or pasted it.
 * Throws a `usage` Problem for the address of another account, and for an id that cannot be.
 */
export async function findRecords(hub: Hub, system: System, given: string): Promise<string[]> {
  const { id, object } = withObject(system, given) ?? { id: given.trim() };
  const known = await onPage(hub, system, id);
  const named = object === undefined ? (known ?? { id }) : { id: known?.id ?? id, object };
  const byId = await byName(hub, system, named);
  if (byId.length > 0) return byId;
  const email = addressKey(given);
  return email === null ? [] : byAddress(hub, system, email);
}

/** An account numbers its records for itself: the same id elsewhere is another record. */
async function onPage(
  hub: Hub,
  { name, connector }: System,
  given: string,
): Promise<{ readonly id: string; readonly object?: string } | null> {
  const named = connector.pages?.named(given, await siteOf(hub, name)) ?? null;
  if (named === null || 'id' in named) return named;
  const where = `${name} (${connector.title})`;
  if ('mistyped' in named)
    throw new Problem('usage', `"${given}" is not the id of a record. ${named.mistyped}`, {
      where,
      remedy: 'Copy it once more from the record, or give an e-mail address or the address of its page.',
    });
  throw new Problem('usage', `The address is of ${named.elsewhere}.`, {
    where,
    remedy: 'Name the connection of that account, or give the address of a record in this one.',
  });
}

async function byName(
  { store }: Hub,
  { name: connection, mapping, connector }: System,
  { id, object }: { readonly id: string; readonly object?: string },
): Promise<string[]> {
  const wanted = object === undefined ? objectsOf({ mapping, connector }) : [object];
  const refs = wanted.map((one): RecordRef => ({ connection, object: one, id }));
  return (await store.landing.get(refs.map(refText))).map(({ ref }) => refText(ref));
}

/** `contacts/1054`: an id that several objects have, with the object that is meant. */
function withObject(system: System, given: string): { id: string; object: string } | null {
  const [object, id, ...more] = given.trim().split('/');
  if (object === undefined || !id || more.length > 0 || !objectsOf(system).includes(object)) return null;
  return { object, id };
}

function objectsOf({ mapping, connector }: Pick<System, 'mapping' | 'connector'>): string[] {
  return [...new Set([...Object.keys(mapping.objects), ...Object.keys(connector.streams ?? {})])];
}

async function byAddress({ store }: Hub, { name }: System, email: string): Promise<string[]> {
  const names = await store.facts.holders('Person', [`email:${email}`], most);
  return names.map(recordOf).filter((ref) => parseRef(ref).connection === name);
}
