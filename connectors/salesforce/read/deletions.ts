/**
 * Records that were purged before queryAll could show them as deleted: hard deletes (a campaign member always
 * goes that way) and an emptied recycle bin. The deletion log names them, for 15 days at most.
 */
import { z } from 'zod';
import type { Context } from '../../../src/connector/contract/context.ts';
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { iso } from '../../../src/support/clock.ts';
import type { SalesforceConfig } from '../config.ts';
import type { HubConnection } from '../wire/connection.ts';
import { expected } from '../wire/faults.ts';
import { longId } from '../wire/ids.ts';
import type { Target } from '../wire/objects.ts';
import { queryAll, rest } from '../wire/query.ts';
import { idOf, timeOf } from '../wire/record.ts';
import { isOneOf, select } from '../wire/soql.ts';
import { gone, idsPerQuery } from './fetch.ts';

const minute = 60_000;
/** A look into the log is a call of its own, so there is not one at every poll. */
const everyMs = { always: 15 * minute, seldom: 6 * 60 * minute, never: Number.POSITIVE_INFINITY } as const;
/** What the log holds at most; asking for an earlier start is refused. */
const logReachesBackMs = 15 * 24 * 60 * minute;

const deletionLog = z.object({
  deletedRecords: z.array(z.object({ id: z.string(), deletedDate: z.string() })),
  earliestDateAvailable: z.string(),
  latestDateCovered: z.string(),
});
type DeletionLog = z.infer<typeof deletionLog>;

export interface Sweep {
  readonly records: readonly VendorRecord[];
  /** The next sweep begins here; ms. */
  readonly upTo: number;
}

export function isSweepDue({ spec }: Target, sweptTo: number, now: number): boolean {
  return now - sweptTo >= everyMs[spec.vanishes];
}

/** Tombstones of what vanished since `sweptTo`; null when it is too early to ask again. */
export async function sweepDeletions(
  ctx: Context<SalesforceConfig>,
  connection: HubConnection,
  target: Target,
  { sweptTo, readAt }: { readonly sweptTo: number; readonly readAt: number },
): Promise<Sweep | null> {
  if (!isSweepDue(target, sweptTo, readAt)) return null;
  const from = Math.max(sweptTo, readAt - logReachesBackMs + 60 * minute);
  const log = await readLog(ctx, connection, target.object, from, readAt);
  if (log === null || from > sweptTo || timeOf(log.earliestDateAvailable) > from) {
    tellOfGap(ctx, target.object, sweptTo);
  }
  if (log === null) return { records: [], upTo: readAt };
  return { records: await vanished(connection, target.object, log), upTo: timeOf(log.latestDateCovered) };
}

async function readLog(
  ctx: Context<SalesforceConfig>,
  connection: HubConnection,
  object: string,
  from: number,
  to: number,
): Promise<DeletionLog | null> {
  const span = `start=${seconds(from)}&end=${seconds(to)}`;
  try {
    return expected(
      deletionLog,
      await connection.request(`/sobjects/${object}/deleted/?${span}`),
      'deletion log',
    );
  } catch (error) {
    const refused = error instanceof Fault && (error.kind === 'rejected' || error.kind === 'expired');
    if (!refused) throw error;
    ctx.log.info({ object, code: error.code }, `no deletion log: ${error.message}`);
    return null;
  }
}

/** The log also names what queryAll still shows; that comes by its stamp, with the winner of a merge named. */
async function vanished(
  connection: HubConnection,
  object: string,
  log: DeletionLog,
): Promise<VendorRecord[]> {
  const deletedAt = new Map(
    log.deletedRecords.map(({ id, deletedDate }) => [longId(id), timeOf(deletedDate)]),
  );
  const ids = [...deletedAt.keys()];
  for (let at = 0; at < ids.length; at += idsPerQuery) {
    const where = isOneOf('Id', ids.slice(at, at + idsPerQuery));
    const rows = await rest(
      connection,
      await queryAll(connection, select({ fields: ['Id'], from: object, where })),
    );
    for (const row of rows) deletedAt.delete(idOf(row));
  }
  return [...deletedAt].map(([id, at]) => gone(object, id, at));
}

function tellOfGap(ctx: Context<SalesforceConfig>, object: string, since: number): void {
  ctx.log.warn(
    { object, since: iso(since) },
    `${object}: Salesforce cannot name all records purged since ${iso(since)}; run a full sync to find them.`,
  );
}

/** The log counts in whole seconds; rounded down, the start is early rather than late. */
function seconds(ms: number): string {
  return encodeURIComponent(`${iso(ms).slice(0, 19)}+00:00`);
}
