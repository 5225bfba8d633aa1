/** Deletions: the list of archived records, read at its own cadence because it has neither filter nor order. */
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { HubSpotContext } from '../wire/client.ts';
import type { CrmObject } from '../wire/objects.ts';
import type { ArchivedState } from './checkpoint.ts';
import { archivedRecord, mergedAmong } from './gone.ts';
import { listArchived } from './list.ts';
import { idOf, timeOf } from './record.ts';

/** Pages read in one pull; the rest of a longer list is left to the next one. */
const pagesPerPull = 50;

export interface ArchivedPage {
  readonly records: readonly VendorRecord[];
  readonly state: ArchivedState;
}

/** The tombstones of what was archived since the last reading, where one is due or under way. */
export async function* archivedPages(
  ctx: HubSpotContext,
  object: CrmObject,
  state: ArchivedState,
): AsyncGenerator<ArchivedPage> {
  const { archivedEveryMs, overlapMs } = ctx.config;
  if (state.scan === null && Math.abs(ctx.vendorClock.now() - state.doneAt) < archivedEveryMs) return;
  let startedAt = state.scan?.startedAt;
  let after = state.scan?.after ?? null;
  for (let pages = 0; pages < pagesPerPull; pages += 1) {
    const page = await listArchived(ctx, object, after);
    after = page.after;
    // Without a Date nothing is known to be told: the same records come again, and are recognised.
    startedAt ??= page.servedAt ?? state.since;
    const records = await tombstones(ctx, object, page.rows, state.since - overlapMs);
    if (after === null) {
      yield { records, state: { doneAt: ctx.vendorClock.now(), since: startedAt, scan: null } };
      return;
    }
    yield { records, state: { ...state, scan: { startedAt, after } } };
  }
}

async function tombstones(
  ctx: HubSpotContext,
  object: CrmObject,
  rows: readonly JsonObject[],
  since: number,
): Promise<VendorRecord[]> {
  const gone = rows.map((row) => ({
    id: idOf(row),
    at: timeOf(row.archivedAt) ?? timeOf(row.updatedAt) ?? since,
  }));
  const news = gone.filter(({ at }) => at >= since);
  if (news.length === 0) return [];
  const ids = news.map(({ id }) => id);
  const winners = await mergedAmong(ctx, object, ids);
  return news.map(({ id, at }) => archivedRecord(object, id, at, winners.get(id)));
}
