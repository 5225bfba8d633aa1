/** The streams of CRM records: a backfill by list, then windows of changes by search, and deletions. */
import type {
  Checkpoint,
  Page,
  PullOptions,
  Stream,
  VendorRecord,
} from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { clockToleranceMs } from '../../../src/connector/vendor-clock.ts';
import { iso } from '../../../src/support/clock.ts';
import type { HubSpotConfig } from '../config.ts';
import type { HubSpotContext } from '../wire/client.ts';
import { LabelledPairs } from '../wire/labels.ts';
import type { CrmObject } from '../wire/objects.ts';
import { archivedPages } from './archived.ts';
import { withAssociations } from './associations.ts';
import {
  type BackfillState,
  beginning,
  type ChangesState,
  caughtUp,
  type PullState,
  readCheckpoint,
  restsOn,
} from './checkpoint.ts';
import { fetchRecords, leastFetch } from './fetch.ts';
import { losersOf } from './gone.ts';
import { listLimit, listLive } from './list.ts';
import { backfillSelectionOf, historyLimit, type Rows, type Selection, selectionOf } from './read.ts';
import { Recent } from './recent.ts';
import { toRecord } from './record.ts';
import { changedRows } from './search.ts';

export function crmStream(object: CrmObject): Stream<HubSpotConfig> {
  return {
    title: object.title,
    complete: true,
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
  const state: PullState = (checkpoint === null ? null : readCheckpoint(checkpoint)) ?? beginning;
  const wholly = backfillSelectionOf(object, options);
  if (state.phase === 'backfill') yield* backfill(ctx, object, state, wholly);
  else if (!(yield* changes(ctx, object, state, selectionOf(object, options))))
    yield* backfill(ctx, object, beginning, wholly);
}

/** Ends when the list does; what changed meanwhile is the next pull's first window. */
async function* backfill(
  ctx: HubSpotContext,
  object: CrmObject,
  start: BackfillState,
  selection: Selection,
): AsyncGenerator<Page> {
  const recent = new Recent(start.recent);
  const labelled = new LabelledPairs(ctx, object.name);
  let state = start;
  do {
    const page = await livePage(ctx, object, selection, state.after, labelled);
    const records = recordsOf(ctx, object, page, selection);
    const startedAt: number = state.startedAt ?? page.servedAt ?? newestOf(records);
    const since = startedAt - ctx.config.overlapMs;
    recent.remember(records, since);
    state = { ...state, startedAt, after: page.after, recent: recent.remembered(since) };
    yield { records, checkpoint: state.after === null ? caughtUp(startedAt, state) : state };
  } while (state.after !== null);
}

function recordsOf(
  ctx: HubSpotContext,
  object: CrmObject,
  { rows, askedAt }: Pick<Rows, 'rows' | 'askedAt'>,
  selection: Selection,
): VendorRecord[] {
  const readAt = askedAt ?? ctx.vendorClock.now();
  return rows
    .map((row) => toRecord(object, row, readAt, selection))
    .flatMap((record) => [record, ...losersOf(record)]);
}

function newestOf(records: readonly VendorRecord[]): number {
  return records.reduce((newest, { modifiedAt }) => Math.max(newest, modifiedAt), 0);
}

/** A position that HubSpot no longer takes is given up for the beginning of the list. */
async function livePage(
  ctx: HubSpotContext,
  object: CrmObject,
  selection: Selection,
  after: string | null,
  labelled: LabelledPairs,
) {
  try {
    return await listLive(ctx, object, selection, after, labelled);
  } catch (error) {
    const lost =
      error instanceof Fault && (error.kind === 'expired' || error.status === 400 || error.status === 410);
    if (!lost || after === null) throw error;
    ctx.log.warn(
      { object: object.name, after },
      'HubSpot lost the position in its list; reading it from the start',
    );
    return listLive(ctx, object, selection, null, labelled);
  }
}

/** False when the checkpoint cannot be trusted: then everything has to be read again. */
async function* changes(
  ctx: HubSpotContext,
  object: CrmObject,
  start: ChangesState,
  selection: Selection,
): AsyncGenerator<Page, boolean> {
  const recent = new Recent(start.recent);
  let state = start;
  const resumed = state.window !== null;
  for await (const page of windowPages(ctx, object, state, selection, recent)) {
    if (page === 'from the future') return false;
    state = page.state;
    yield { records: page.records, checkpoint: state };
  }
  if (resumed) return yield* changes(ctx, object, state, selection);
  for await (const page of archivedPages(ctx, object, state.archived)) {
    const since = state.since - ctx.config.overlapMs;
    const records = recent.news(page.records, since);
    state = { ...state, recent: recent.remembered(since), archived: page.state };
    yield { records, checkpoint: state };
  }
  return true;
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
): AsyncGenerator<ChangesPage | 'from the future'> {
  const { overlapMs } = ctx.config;
  const { from, ...resumed } = start.window ?? { from: start.since - overlapMs, to: null, afterId: null };
  let { to, afterId } = resumed;
  do {
    const { rows, askedAt, servedAt, ...chunk } = await changedRows(
      ctx,
      object,
      { from, afterId },
      selection,
    );
    if (isFromTheFuture(ctx, object, start, servedAt)) {
      yield 'from the future';
      return;
    }
    // Associations are read again for all of the overlap: a record is often tied just after it was made.
    const whole = await withAssociations(ctx, object.name, object.associated, rows, null);
    const found = recordsOf(ctx, object, { rows: whole, askedAt }, selection);
    to ??= Math.max(start.since, servedAt ?? newestOf(found));
    afterId = chunk.afterId;
    const records = recent.news(found, to - overlapMs);
    const rest = afterId === null ? { since: to, window: null } : { window: { from, to, afterId } };
    yield { records, state: { ...start, ...rest, recent: recent.remembered(to - overlapMs) } };
  } while (afterId !== null);
}

/** Such a checkpoint was taken from a clock that was wrong, and nobody knows which changes it has passed over. */
function isFromTheFuture(
  ctx: HubSpotContext,
  { name: object }: CrmObject,
  state: ChangesState,
  servedAt: number | undefined,
): boolean {
  const reached = restsOn(state);
  if (servedAt === undefined || reached <= servedAt + clockToleranceMs) return false;
  ctx.log.warn(
    { object, reached: iso(reached), now: iso(servedAt) },
    `${object} was read up to a time that has not come yet: a clock was wrong. All of it is read again.`,
  );
  return true;
}
