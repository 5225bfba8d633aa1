/**
 * Reads one object in the order (stamp, Id): all of it at first, then what changed. Pages come by the query's
 * cursor, one call per 2,000 rows; a cursor that has expired is replaced by a query that begins after the last
 * row. Changes of formula fields move no stamp: only a full read brings them.
 */
import type { Context, Page, Stream } from '../../src/connector/contract.ts';
import { Fault } from '../../src/connector/fault.ts';
import { type PullState, parseCheckpoint } from './checkpoint.ts';
import type { SalesforceConfig } from './config.ts';
import { connect, type HubConnection } from './connection.ts';
import { sweepDeletions } from './deletions.ts';
import { fetchRecords } from './fetch.ts';
import { type PulledObject, pulledObjects, type Target } from './objects.ts';
import { pageAt, pageSize, type QueryPage, queryAll } from './query.ts';
import { ownUser, toRecord } from './record.ts';
import { Run } from './run.ts';
import { learnAbsent, withReadableFields } from './selection.ts';
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

async function* pull(ctx: Ctx, target: Target, before: PullState | null): AsyncGenerator<Page> {
  learnAbsent(ctx, target.object, before?.absent ?? null);
  const connection = connect(ctx);
  const reader = { ...target, ownUser: await ownUser(ctx) };
  const began = ctx.clock.now();
  let page = await firstPage(ctx, connection, target, before);
  // The earlier of both clocks: too early only means that more is read again.
  const run = new Run(ctx, target, before, Math.min(began, connection.serverTime ?? began));
  let isAtRest = before !== null && before.cursor === null;
  for (;;) {
    const news = run.take(
      page.rows.map((row) => toRecord(reader, row)),
      page.next === null,
    );
    if (page.next === null) {
      const { from, checkpoint } = run.atRest();
      // A run that found nothing need not be remembered, unless the next one may begin later because of it.
      if (news.length > 0 || !isAtRest || !isSame(from, before?.from ?? null))
        yield { records: news, checkpoint };
      break;
    }
    yield { records: news, checkpoint: run.underWay(page.next) };
    isAtRest = false;
    page = (await byCursor(connection, page.next)) ?? (await pageFrom(ctx, connection, target, run.last));
  }
  const swept = await sweepDeletions(ctx, connection, target, run);
  if (swept === null) return;
  run.sweptTo = swept.upTo;
  yield { records: swept.records, checkpoint: run.atRest().checkpoint };
}

async function firstPage(
  ctx: Ctx,
  connection: HubConnection,
  target: Target,
  before: PullState | null,
): Promise<QueryPage> {
  const resumed = before?.cursor ? await byCursor(connection, before.cursor) : null;
  return resumed ?? pageFrom(ctx, connection, target, before?.from ?? null);
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
  const where = start === null ? undefined : startingAt(spec.stamp, start);
  const orderBy = [spec.stamp, 'Id'];
  return withReadableFields(ctx, connection, target, (fields) =>
    queryAll(connection, select({ fields, from: object, where, orderBy })),
  );
}

function isSame(a: Start | null, b: Start | null): boolean {
  return a?.at === b?.at && a?.id === b?.id;
}
