/** Re-reading what a webhook named, with associations; what is gone comes back as a tombstone. */
import type { PullOptions, VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { HubSpotContext } from '../wire/client.ts';
import type { CrmObject } from '../wire/objects.ts';
import { readLimit as tiesLimit, withAssociations } from './associations.ts';
import { losersOf, tombstonesOf } from './gone.ts';
import { batchRead, readLimit, selectionOf } from './read.ts';
import { toRecord } from './record.ts';

export async function fetchRecords(
  ctx: HubSpotContext,
  object: CrmObject,
  ids: readonly string[],
  options?: PullOptions,
): Promise<VendorRecord[]> {
  const asked = [...new Set(ids)];
  const selection = selectionOf(object, options);
  const { rows, askedAt = ctx.vendorClock.now() } = await batchRead(ctx, object.name, asked, selection);
  const whole = await withAssociations(ctx, object.name, object.associated, rows, null);
  const live = distinct(whole.map((row) => toRecord(object, row, askedAt, selection)));
  const found = [...live, ...live.flatMap(losersOf)];
  const known = new Set(found.map(({ id }) => id));
  return [
    ...found,
    ...(await tombstonesOf(
      ctx,
      object,
      asked.filter((id) => !known.has(id)),
    )),
  ];
}

/** Batch reads tell no associations: those take a call of their own for each pair of objects. */
export function leastFetch({ associated }: CrmObject, records: number): number {
  return Math.ceil(records / readLimit) + associated.length * Math.ceil(records / tiesLimit);
}

/** Two merged ids answer with one and the same winner. */
function distinct(records: readonly VendorRecord[]): VendorRecord[] {
  return [...new Map(records.map((record) => [record.id, record])).values()];
}
