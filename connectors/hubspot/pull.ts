/** The streams of CRM records: a backfill by list, then windows of changes by search, and deletions. */
import type { Checkpoint, Page, PullOptions, Stream, VendorRecord } from '../../src/connector/contract.ts';
import { Fault } from '../../src/connector/fault.ts';
import { archivedPages } from './archived.ts';
import { withAssociations } from './associations.ts';
import {
  type BackfillState,
  beginning,
  type ChangesState,
  caughtUp,
  type PullState,
  readCheckpoint,
} from './checkpoint.ts';
import type { HubSpotContext } from './client.ts';
import type { HubSpotConfig } from './config.ts';
import { fetchRecords, leastFetch } from './fetch.ts';
import { losersOf } from './gone.ts';
import { listLimit, listLive } from './list.ts';
import type { CrmObject } from './objects.ts';
import { backfillSelectionOf, historyLimit, type Selection, selectionOf } from './read.ts';
import { Recent } from './recent.ts';
import { toRecord } from './record.ts';
import { changedRows } from './search.ts';

export function crmStream(object: CrmObject): Stream<HubSpotConfig> {
  return {
    title: object.title,
    pageSize: listLimit,
    pageSizeWithPast: historyLimit,
    leastFetch: (records) => leastFetch(object, records),
    pull: (ctx, checkpoint, options) => pull(ctx, object, checkpoint, options),
    fetch: (ctx, ids, options) => fetchRecords(ctx, object, ids, options),
  };
}

async function* pull(
  ctx: HubSpotContext,
  object: CrmObject,
  checkpoint: Checkpoint | null,
  options: PullOptions | undefined,
): AsyncGenerator<Page> {
  const state: PullState =
    (checkpoint === null ? null : readCheckpoint(checkpoint)) ?? beginning(ctx.clock.now());
  if (state.phase === 'backfill') yield* backfill(ctx, object, state, backfillSelectionOf(object, options));
  else yield* changes(ctx, object, state, selectionOf(object, options));
}

/** Ends when the list does; what changed meanwhile is the next pull's first window. */
async function* backfill(
  ctx: HubSpotContext,
  object: CrmObject,
  start: BackfillState,
  selection: Selection,
): AsyncGenerator<Page> {
  const since = start.startedAt - ctx.config.overlapMs;
  const recent = new Recent(start.recent);
  let state = start;
  do {
    const page = await livePage(ctx, object, selection, state.after);
    const readAt = ctx.clock.now();
    const records = withLosers(page.rows.map((row) => toRecord(object, row, readAt)));
    recent.remember(records, since);
    state = { ...state, after: page.after, recent: recent.remembered(since) };
    yield { records, checkpoint: state.after === null ? caughtUp(state) : state };
  } while (state.after !== null);
}

/** A position that HubSpot no longer takes is given up for the beginning of the list. */
async function livePage(ctx: HubSpotContext, object: CrmObject, selection: Selection, after: string | null) {
  try {
    return await listLive(ctx, object, selection, after);
  } catch (error) {
    const lost =
      error instanceof Fault && (error.kind === 'expired' || error.status === 400 || error.status === 410);
    if (!lost || after === null) throw error;
    ctx.log.warn(
      { object: object.name, after },
      'HubSpot lost the position in its list; reading it from the start',
    );
    return listLive(ctx, object, selection, null);
  }
}

async function* changes(
  ctx: HubSpotContext,
  object: CrmObject,
  start: ChangesState,
  selection: Selection,
): AsyncGenerator<Page> {
  const recent = new Recent(start.recent);
  let state = start;
  const resumed = state.window !== null;
  for await (const page of windowPages(ctx, object, state, selection, recent)) {
    state = page.state;
    yield { records: page.records, checkpoint: state };
  }
  if (resumed) {
    yield* changes(ctx, object, state, selection);
    return;
  }
  for await (const page of archivedPages(ctx, object, state.archived)) {
    const since = state.since - ctx.config.overlapMs;
    const records = recent.news(page.records, since);
    state = { ...state, recent: recent.remembered(since), archived: page.state };
    yield { records, checkpoint: state };
  }
}

interface ChangesPage {
  readonly records: readonly VendorRecord[];
  readonly state: ChangesState;
}

/** One window to its end. It reaches back before the last one's end, for a search does not see the newest yet. */
async function* windowPages(
  ctx: HubSpotContext,
  object: CrmObject,
  start: ChangesState,
  selection: Selection,
  recent: Recent,
): AsyncGenerator<ChangesPage> {
  const { overlapMs } = ctx.config;
  const now = Math.max(ctx.clock.now(), start.since);
  let window: ChangesState['window'] = start.window ?? {
    from: start.since - overlapMs,
    to: now,
    afterId: null,
  };
  while (window !== null) {
    const { to } = window;
    const readAt = ctx.clock.now();
    const { rows, afterId } = await changedRows(ctx, object, window, selection);
    // Associations are read again for all of the overlap: a record is often tied just after it was made.
    const whole = await withAssociations(ctx, object.name, object.associated, rows, false);
    const found = withLosers(whole.map((row) => toRecord(object, row, readAt)));
    const records = recent.news(found, to - overlapMs);
    window = afterId === null ? null : { ...window, afterId };
    const since = window === null ? to : start.since;
    yield { records, state: { ...start, since, window, recent: recent.remembered(to - overlapMs) } };
  }
}

function withLosers(records: readonly VendorRecord[]): VendorRecord[] {
  return records.flatMap((record) => [record, ...losersOf(record)]);
}
