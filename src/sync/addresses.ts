/** Where a person looks at a record: addresses of the CRMs' own pages, and records found by what a person copied. */

import type { RecordRef } from '../canonical/model.ts';
import { parseRef } from '../canonical/names.ts';
import type { Hub, System } from './hub.ts';

/** Address of a record's page; null where the CRM has none, or it is not known yet. */
export type AddressOf = (ref: RecordRef) => string | null;

/** Reads once what the checks of all connections learnt; asks no vendor. */
export async function addresses(hub: Hub): Promise<AddressOf> {
  const sites = new Map<string, string | null>();
  for (const name of hub.systems.keys()) {
    sites.set(name, await siteOf(hub, name));
  }
  return ({ connection, object, id }) => {
    const { connector, context } = hub.systems.get(connection) ?? {};
    return connector?.pages?.address(context?.config, sites.get(connection) ?? null, object, id) ?? null;
  };
}

/** Kept for `addresses`: a check is the one call that asks who we are over there. */
export async function keepSite(hub: Hub, { name }: System, site: string | undefined): Promise<void> {
  if (site === undefined) return;
  if ((await hub.store.connections.state(siteKey(name))) !== site)
    await hub.store.connections.saveState(siteKey(name), site);
}

/** What a check last said of where this account's pages are; null before the first one. */
export async function siteOf({ store }: Pick<Hub, 'store'>, connection: string): Promise<string | null> {
  const site = await store.connections.state(siteKey(connection));
  return typeof site === 'string' ? site : null;
}

function siteKey(connection: string): string {
  return `site:${connection}`;
}

/** `salesforce Contact 003…`, and the address of its page where there is one. */
export function placeOf(ref: string | RecordRef, address: AddressOf): string {
  const record = typeof ref === 'string' ? parseRef(ref) : ref;
  const page = address(record);
  const words = `${record.connection} ${record.object} ${record.id}`;
  return page === null ? words : `${words}  ${page}`;
}
