/**
 * Reads one object in the order (stamp, Id): all of it at first, then what changed. Pages come by the query's
 * cursor, one call per 2,000 rows; a cursor that has expired is replaced by a query that begins after the last
 * row. Changes of formula fields move no stamp: only a full read brings them.
 */
import type { Context, Page, Stream } from '../../src/connector/contract.ts';
import { type PullState, parseCheckpoint } from './checkpoint.ts';
import type { SalesforceConfig } from './config.ts';
import { connect } from './connection.ts';
import { sweepDeletions } from './deletions.ts';
import { fetchRecords } from './fetch.ts';
import { type PulledObject, pulledObjects, type Target } from './objects.ts';
import { Pages } from './pages.ts';
import { pageSize } from './query.ts';
import { ownUser, toRecord } from './record.ts';
import { Run } from './run.ts';
import { learnAbsent } from './selection.ts';
import { isSameStart } from './soql.ts';

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

async function* pull(
  ctx: Context<SalesforceConfig>,
  target: Target,
  before: PullState | null,
): AsyncGenerator<Page> {
  learnAbsent(ctx, target.object, before?.absent ?? null);
  const connection = connect(ctx);
  const pages = new Pages(ctx, connection, target);
  const reader = { ...target, ownUser: await ownUser(ctx) };
  const began = ctx.clock.now();
  let askedAt = began;
  let page = await pages.first(before);
  // The earlier of both clocks: too early only means that more is read again.
  const run = new Run(ctx, target, before, Math.min(began, connection.serverTime ?? began));
  let isStored = before !== null && before.cursor === null;
  for (;;) {
    const isLast = pages.isLast(page);
    const news = run.take(
      page.rows.map((row) => toRecord(reader, row, askedAt)),
      isLast,
    );
    if (isLast) {
      const { from, checkpoint } = run.atRest();
      // A run that found nothing need not be remembered, unless the next one may begin later because of it.
      if (news.length > 0 || !isStored || !isSameStart(from, before?.from ?? null))
        yield { records: news, checkpoint };
      break;
    }
    yield { records: news, checkpoint: run.underWay(page.next) };
    isStored = false;
    askedAt = ctx.clock.now();
    page = await pages.after(page, run.last);
  }
  const swept = await sweepDeletions(ctx, connection, target, run);
  if (swept === null) return;
  run.sweptTo = swept.upTo;
  yield { records: swept.records, checkpoint: run.atRest().checkpoint };
}
