/**
 * Reads one object in the order (stamp, Id): all of it at first, then what changed. Pages come by the query's
 * cursor, one call per 2,000 rows; a cursor that has expired is replaced by a query that begins after the last
 * row. Changes of formula fields move no stamp: only a full read brings them.
 */
import type { Checkpoint, Context, Page, Stream, VendorRecord } from '../../src/connector/contract.ts';
import { Fault } from '../../src/connector/fault.ts';
import { type PullState, parseCheckpoint, printOfRow, RecentRows } from './checkpoint.ts';
import type { SalesforceConfig } from './config.ts';
import { connect, type HubConnection } from './connection.ts';
import { sweepDeletions } from './deletions.ts';
import { fetchRecords } from './fetch.ts';
import { type PulledObject, pulledObjects, type Target } from './objects.ts';
import { pageAt, pageSize, type QueryPage, queryAll } from './query.ts';
import { ownUser, type RowReader, toRecord } from './record.ts';
import { absentFields, learnAbsent, withReadableFields } from './selection.ts';
import { type Start, select, startingAt } from './soql.ts';

type Ctx = Context<SalesforceConfig>;

export const streams: Readonly<Record<string, Stream<SalesforceConfig>>> = Object.fromEntries(
  Object.entries(pulledObjects).map(([object, spec]) => [object, streamOf(object, spec)]),
);

function streamOf(object: string, spec: PulledObject): Stream<SalesforceConfig> {
  return {
    title: spec.title,
    pageSize,
    pull: (ctx, checkpoint, options) => pull(ctx, { object, spec, options }, parseCheckpoint(checkpoint)),
    fetch: (ctx, ids, options) => fetchRecords(ctx, { object, spec, options }, ids),
  };
}

/** What one run knows beside its checkpoint. */
interface Run {
  readonly ctx: Ctx;
  readonly target: Target;
  readonly connection: HubConnection;
  readonly reader: RowReader;
  readonly recent: RecentRows;
  readonly readAt: number;
  readonly sweptTo: number;
  /** What rows up to `high` must not look like to be news. */
  readonly known: ReadonlySet<string>;
  readonly high: Start | null;
}

async function* pull(ctx: Ctx, target: Target, before: PullState | null): AsyncGenerator<Page> {
  learnAbsent(ctx, target.object, before?.absent ?? null);
  const connection = connect(ctx);
  const began = ctx.clock.now();
  let page = await firstPage(ctx, connection, target, before);
  const run = await startRun(ctx, target, connection, before, began);
  let last = before?.cursor == null ? null : before.from;
  for (;;) {
    const records = page.rows.map((row) => toRecord(run.reader, row));
    run.recent.add(records);
    last = positionOf(records.at(-1)) ?? last;
    if (page.next === null) {
      yield* finish(run, before, records, last);
      return;
    }
    yield { records: newsIn(run, records), checkpoint: underWay(run, last, page.next) };
    page = await nextPage(run, page.next, last);
  }
}

async function startRun(
  ctx: Ctx,
  target: Target,
  connection: HubConnection,
  before: PullState | null,
  began: number,
): Promise<Run> {
  const resumed = before?.cursor != null;
  // The earlier of both clocks: too early only means that more is read again.
  const readAt = resumed ? before.readAt : Math.min(began, connection.serverTime ?? began);
  const overlapMs = ctx.config.overlapMinutes * 60_000;
  return {
    ctx,
    target,
    connection,
    reader: { ...target, ownUser: await ownUser(ctx) },
    recent: resumed
      ? new RecentRows(overlapMs, before.known, before.forgotten)
      : new RecentRows(overlapMs, [], unseenBefore(before?.from ?? null)),
    readAt,
    // What was deleted before the first read was never handed out.
    sweptTo: before?.sweptTo ?? readAt,
    known: new Set(before?.known),
    high: before?.high ?? null,
  };
}

/** Rows up to this stamp are not read by a run that begins at `start`. */
function unseenBefore(start: Start | null): number | null {
  if (start === null) return null;
  return start.id === undefined ? start.at - 1 : start.at;
}

async function firstPage(
  ctx: Ctx,
  connection: HubConnection,
  target: Target,
  before: PullState | null,
): Promise<QueryPage> {
  const start = before?.from ?? null;
  if (before?.cursor == null) return pageFrom(ctx, connection, target, start);
  return (await byCursor(connection, before.cursor)) ?? pageFrom(ctx, connection, target, start);
}

async function nextPage(run: Run, cursor: string, last: Start | null): Promise<QueryPage> {
  return (await byCursor(run.connection, cursor)) ?? pageFrom(run.ctx, run.connection, run.target, last);
}

/** Null when the cursor does not work any more: it lives two days, and an org keeps only so many of them. */
async function byCursor(connection: HubConnection, cursor: string): Promise<QueryPage | null> {
  try {
    return await pageAt(connection, cursor);
  } catch (error) {
    if (error instanceof Fault && (error.kind === 'expired' || error.kind === 'rejected')) return null;
    throw error;
  }
}

function pageFrom(
  ctx: Ctx,
  connection: HubConnection,
  target: Target,
  start: Start | null,
): Promise<QueryPage> {
  const { object, spec } = target;
  return withReadableFields(ctx, connection, target, (fields) =>
    queryAll(
      connection,
      select({
        fields,
        from: object,
        where: start === null ? undefined : startingAt(spec.stamp, start),
        orderBy: [spec.stamp, 'Id'],
      }),
    ),
  );
}

/** Rows of the overlap that are as they were when they were handed out are left out. */
function newsIn({ high, known }: Run, records: readonly VendorRecord[]): readonly VendorRecord[] {
  if (high === null || known.size === 0) return records;
  return records.filter((record) => record.modifiedAt > high.at || !known.has(printOfRow(record)));
}

function positionOf(record: VendorRecord | undefined): Start | null {
  return record === undefined ? null : { at: record.modifiedAt, id: record.id };
}

function underWay(run: Run, last: Start | null, cursor: string): Checkpoint {
  const { known, forgotten } = run.recent.soFar(last, run.readAt);
  return checkpoint(run, {
    from: last,
    cursor,
    high: run.high,
    known: [...new Set([...run.known, ...known])],
    forgotten,
  });
}

async function* finish(
  run: Run,
  before: PullState | null,
  records: readonly VendorRecord[],
  last: Start | null,
): AsyncGenerator<Page> {
  const high = last ?? run.high;
  const next = high === null ? { from: null, known: [] } : run.recent.next(high, run.readAt);
  const rest = { ...next, cursor: null, high, forgotten: null };
  const news = newsIn(run, records);
  const atRest = checkpoint(run, rest);
  if (news.length > 0 || before === null || moved(before, next.from))
    yield { records: news, checkpoint: atRest };
  const swept = await sweepDeletions(run.ctx, run.connection, run.target, run);
  if (swept !== null)
    yield { records: swept.records, checkpoint: checkpoint({ ...run, sweptTo: swept.upTo }, rest) };
}

/** A run that found nothing need not be remembered, unless the next one may begin later because of it. */
function moved(before: PullState, from: Start | null): boolean {
  return before.cursor !== null || before.from?.at !== from?.at || before.from?.id !== from?.id;
}

type Standing = Pick<PullState, 'from' | 'cursor' | 'high' | 'known' | 'forgotten'>;

function checkpoint(run: Pick<Run, 'ctx' | 'target' | 'readAt' | 'sweptTo'>, standing: Standing): Checkpoint {
  const { ctx, target, readAt, sweptTo } = run;
  const absent = absentFields(ctx, target.object);
  return {
    ...standing,
    readAt,
    sweptTo,
    absent: absent === null ? null : { fields: absent.fields, until: absent.until },
  };
}
