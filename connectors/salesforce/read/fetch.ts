/** Re-reads named records, deleted ones included. */
import type { Context } from '../../../src/connector/contract/context.ts';
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { SalesforceConfig } from '../config.ts';
import { connect } from '../wire/connection.ts';
import { isRecordId, longId } from '../wire/ids.ts';
import type { Target } from '../wire/objects.ts';
import { queryAll, rest } from '../wire/query.ts';
import { ownUser, toRecord } from '../wire/record.ts';
import { absentFields, withReadableFields } from '../wire/selection.ts';
import { isOneOf, select } from '../wire/soql.ts';

/** Each takes 27 characters of the URL, which must stay well below 16 KB with a wide list of fields. */
export const idsPerQuery = 200;

/** One record per distinct id, in the order of `ids`; an id that Salesforce does not know is a tombstone. */
export async function fetchRecords(
  ctx: Context<SalesforceConfig>,
  target: Target,
  ids: readonly string[],
): Promise<VendorRecord[]> {
  const wanted = [...new Set(ids.map(longId))];
  // Text that is not an id would fail the query for all the others.
  const askable = wanted.filter(isRecordId);
  const found = new Map<string, VendorRecord>();
  for (let at = 0; at < askable.length; at += idsPerQuery) {
    const records = await existing(ctx, target, askable.slice(at, at + idsPerQuery));
    for (const record of records) found.set(record.id, record);
  }
  return wanted.map((id) => found.get(id) ?? gone(target.object, id, ctx.vendorClock.now()));
}

/** Those that are live or lie in the recycle bin. */
async function existing(
  ctx: Context<SalesforceConfig>,
  target: Target,
  ids: readonly string[],
): Promise<VendorRecord[]> {
  const connection = connect(ctx);
  const reader = { ...target, ownUser: await ownUser(ctx) };
  const where = isOneOf('Id', ids);
  let readAt = ctx.vendorClock.now();
  const rows = await withReadableFields(ctx, connection, target, async (fields) => {
    const first = await queryAll(connection, select({ fields, from: target.object, where }));
    readAt = connection.askedAt ?? readAt;
    return rest(connection, first);
  });
  const unread = absentFields(ctx, target.object)?.fields ?? [];
  return rows.map((row) => toRecord({ ...reader, unread }, row, readAt));
}

/** A record that is purged from the recycle bin, or that the hub's user was never allowed to see. */
export function gone(object: string, id: string, at: number): VendorRecord {
  return { object, id, body: { Id: id }, modifiedAt: at, tombstone: { kind: 'deleted' } };
}
