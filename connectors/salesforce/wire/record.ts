/** From a row of a query to the hub's record. Runs once per row of a backfill, so it does little. */
import type { Context } from '../../../src/connector/contract/context.ts';
import type { Tombstone, VendorRecord } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { Json, JsonObject } from '../../../src/support/json.ts';
import { longId } from './ids.ts';
import type { PulledObject } from './objects.ts';

export interface RowReader {
  readonly object: string;
  readonly spec: PulledObject;
  /** Id of the user that the hub signs in as, 18 characters; null when it is not known. */
  readonly ownUser: string | null;
  /** Fields that could not be asked for. */
  readonly unread?: readonly string[];
}

/** The user whose changes are our own; null where the sign-in did not tell. */
export async function ownUser(ctx: Pick<Context, 'identity'>): Promise<string | null> {
  const { userId } = await ctx.identity();
  return typeof userId === 'string' && userId !== '' ? userId : null;
}

/** SystemModstamp and CreatedDate count whole seconds: a row may change twice within one, and keep its stamp. */
export const stampStepMs = 1_000;

/** `readAt`: when the row was asked for, ms. */
export function toRecord(
  { object, spec, ownUser, unread = [] }: RowReader,
  row: JsonObject,
  readAt: number,
): VendorRecord {
  const modifiedAt = stampOf(spec, row);
  const createdAt = spec.stamp === 'CreatedDate' ? modifiedAt : timeOf(row.CreatedDate);
  const author = row[spec.author];
  const byUs = ownUser !== null && typeof author === 'string' && longId(author) === ownUser;
  const hidden = unread.length > 0 ? { unread } : {};
  const record = { object, id: idOf(row), body: row, createdAt, modifiedAt, readAt, byUs, ...hidden };
  return row.IsDeleted === true ? { ...record, tombstone: tombstoneOf(row) } : record;
}

export function stampOf(spec: PulledObject, row: JsonObject): number {
  return timeOf(row[spec.stamp]);
}

export function idOf(row: JsonObject): string {
  const { Id: id } = row;
  if (typeof id === 'string') return longId(id);
  throw new Fault('unavailable', 'Salesforce sent a row without Id', { code: 'ROW_WITHOUT_ID' });
}

/** The loser of a merge is soft-deleted and names the winner in MasterRecordId (Account, Contact, Lead). */
function tombstoneOf(row: JsonObject): Tombstone {
  const { MasterRecordId: winner } = row;
  return typeof winner === 'string' ? { kind: 'merged', into: longId(winner) } : { kind: 'deleted' };
}

/** `2021-12-02T18:23:39.000+0000` (REST) or an ISO time, in ms. */
export function timeOf(value: Json | undefined): number {
  const text = typeof value === 'string' ? value : '';
  // The ISO form takes V8's fast path; the offset without a colon does not.
  const ms = Date.parse(text.endsWith('+0000') ? `${text.slice(0, -5)}Z` : text);
  if (Number.isNaN(ms))
    throw new Fault('unavailable', 'Salesforce sent a row without its change time', {
      code: 'ROW_WITHOUT_TIME',
    });
  return ms;
}
