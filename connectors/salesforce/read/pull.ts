/**
 * Reads one object in the order (stamp, Id): all of it at first, then what changed. Pages come by the query's
 * cursor, one call per 2,000 rows; a cursor that has expired is replaced by a query that begins after the last
 * row. Changes of formula fields move no stamp: only a full read brings them.
 */
import { isDeepStrictEqual } from 'node:util';
import { withAbsence } from '../../../src/connector/absent.ts';
import type { Context } from '../../../src/connector/contract/context.ts';
import type { Page, Stream } from '../../../src/connector/contract/reading.ts';
import type { SalesforceConfig } from '../config.ts';
import { absenceIn } from '../wire/absent.ts';
import { connect } from '../wire/connection.ts';
import { type PulledObject, pulledObjects, type Target } from '../wire/objects.ts';
import { pageSize } from '../wire/query.ts';
import { ownUser, stampStepMs, toRecord } from '../wire/record.ts';
import { absentFields, learnAbsent } from '../wire/selection.ts';
import { isSameStart } from '../wire/soql.ts';
import { isFromTheFuture, type PullState, parseCheckpoint } from './checkpoint.ts';
import { sweepDeletions } from './deletions.ts';
import { fetchRecords } from './fetch.ts';
import { Pages } from './pages.ts';
import { Run } from './run.ts';

export const streams: Readonly<Record<string, Stream<SalesforceConfig>>> = Object.fromEntries(
  Object.entries(pulledObjects).map(([object, spec]) => [object, streamOf(object, spec)]),
);

function streamOf(object: string, spec: PulledObject): Stream<SalesforceConfig> {
  return withAbsence(
    object,
    {
      title: spec.title,
      complete: true,
      stampStepMs,
      pageSize,
      pull: (ctx, checkpoint, options) => pull(ctx, { object, spec, options }, parseCheckpoint(checkpoint)),
      fetch: (ctx, ids, options) => fetchRecords(ctx, { object, spec, options }, ids),
    },
    absenceIn,
  );
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
  let page = await pages.first(before);
  if (before !== null && isFromTheFuture(before, connection.servedAt ?? Number.POSITIVE_INFINITY)) {
    const { object } = target;
    ctx.log.warn(
      { object },
      `${object} was read up to a time that has not come yet: a clock was wrong. All of it is read again.`,
    );
    yield* pull(ctx, target, null);
    return;
  }
  const run = new Run(ctx, target, before, connection.servedAt ?? before?.readAt ?? 0);
  let isStored = before !== null && before.cursor === null;
  for (;;) {
    const isLast = pages.isLast(page);
    const readAt = pages.askedAt ?? ctx.vendorClock.now();
    const news = run.take(
      page.rows.map((row) =>
        toRecord({ ...reader, unread: absentFields(ctx, target.object)?.fields ?? [] }, row, readAt),
      ),
      isLast,
    );
    if (isLast) {
      const { from, absent, checkpoint } = run.atRest();
      // A run that found nothing need not be remembered, unless the next one may begin later because of it, or would
      // ask once more for what this one was refused.
      const isAsBefore =
        isSameStart(from, before?.from ?? null) && isDeepStrictEqual(absent, before?.absent ?? null);
      if (news.length > 0 || !isStored || !isAsBefore) yield { records: news, checkpoint };
      break;
    }
    yield { records: news, checkpoint: run.underWay(page.next) };
    isStored = false;
    page = await pages.after(page, run.last);
  }
  const swept = await sweepDeletions(ctx, connection, target, run);
  if (swept === null) return;
  run.sweptTo = swept.upTo;
  yield { records: swept.records, checkpoint: run.atRest().checkpoint };
}
