/**
 * One look at several objects: their queries go together in one Composite call, which Salesforce counts as one.
 * (Composite Batch would not do: there, each part counts.)
 * https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-composite-post.html
 */
import { z } from 'zod';
import type { Context } from '../../../src/connector/contract/context.ts';
import type { StreamPosition } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { SalesforceConfig } from '../config.ts';
import { expected } from '../wire/faults.ts';
import { pulledObjects, type Target } from '../wire/objects.ts';
import { ownUser, toRecord } from '../wire/record.ts';
import { learnAbsent, readableFields } from '../wire/selection.ts';
import { isSameStart } from '../wire/soql.ts';
import { isFromTheFuture, type PullState, parseCheckpoint } from './checkpoint.ts';
import { isSweepDue } from './deletions.ts';
import { inOrder } from './pages.ts';
import { Run } from './run.ts';

/** Of the 25 parts of a call, so many may be queries. */
const queriesPerCall = 5;

type Ctx = Context<SalesforceConfig>;
type Resting = Target & { readonly before: PullState };

const answers = z.object({
  compositeResponse: z.array(
    z.object({ referenceId: z.string(), httpStatusCode: z.number(), body: z.unknown() }),
  ),
});
const wholeResult = z.object({
  done: z.literal(true),
  records: z.custom<readonly JsonObject[]>(Array.isArray),
});

export async function poll(ctx: Ctx, standing: readonly StreamPosition[]): Promise<ReadonlySet<string>> {
  const resting = standing.flatMap((one) => restingOf(ctx, one) ?? []);
  const quiet = new Set<string>();
  for (let at = 0; at < resting.length; at += queriesPerCall) {
    const some = resting.slice(at, at + queriesPerCall);
    for (const object of await quietAmong(ctx, some)) quiet.add(object);
  }
  return new Set(standing.map(({ object }) => object).filter((object) => !quiet.has(object)));
}

/** Null for a stream in the middle of a reading, or whose deletion log is due, or of a wrong clock: it has to be pulled anyway. */
function restingOf(ctx: Ctx, { object, checkpoint, options }: StreamPosition): Resting | null {
  const [spec, before] = [pulledObjects[object], parseCheckpoint(checkpoint)];
  if (spec === undefined || before === null || before.cursor !== null) return null;
  const target = { object, spec, options };
  const now = ctx.vendorClock.now();
  if (isFromTheFuture(before, now)) return null;
  return isSweepDue(target, before.sweptTo, now) ? null : { ...target, before };
}

/** None where the call is refused as a whole: then each stream speaks for itself. */
async function quietAmong(ctx: Ctx, targets: readonly Resting[]): Promise<string[]> {
  const answered = await ask(ctx, targets).catch((error: unknown) => {
    if (error instanceof Fault && error.kind === 'rejected') return null;
    throw error;
  });
  const user = await ownUser(ctx);
  const isQuiet = (target: Resting) => {
    const found = answered?.rows.get(target.object);
    return found !== undefined && !hasNews(ctx, target, found, user, answered?.servedAt ?? ctx.clock.now());
  };
  return targets.filter(isQuiet).map(({ object }) => object);
}

interface Answered {
  readonly rows: ReadonlyMap<string, readonly JsonObject[]>;
  readonly servedAt: number | undefined;
}

/** The rows of each query that was answered, and in one page. */
async function ask(ctx: Ctx, targets: readonly Resting[]): Promise<Answered> {
  const base = `/services/data/v${ctx.config.apiVersion}`;
  const compositeRequest = targets.map((target) => ({
    method: 'GET',
    url: `${base}/queryAll?q=${encodeURIComponent(queryOf(ctx, target))}`,
    referenceId: target.object,
  }));
  const json = { allOrNone: false, compositeRequest };
  // Repeatable: there are only queries in it.
  const answer = await ctx.http.send({ method: 'POST', url: `${base}/composite`, json, repeatable: true });
  const { compositeResponse } = expected(answers, answer.json(), 'answer to several queries');
  const rows = new Map(
    compositeResponse.flatMap(({ referenceId, httpStatusCode, body }) => {
      const result = httpStatusCode === 200 ? wholeResult.safeParse(body).data : undefined;
      return result === undefined ? [] : [[referenceId, result.records] as const];
    }),
  );
  return { rows, servedAt: answer.servedAt };
}

function queryOf(ctx: Ctx, target: Resting): string {
  learnAbsent(ctx, target.object, target.before.absent);
  return inOrder(target, readableFields(ctx, target), target.before.from);
}

/** What a pull would yield: rows that are new, or that the next one may begin later. */
function hasNews(
  ctx: Ctx,
  target: Resting,
  rows: readonly JsonObject[],
  user: string | null,
  readAt: number,
): boolean {
  const run = new Run(ctx, target, target.before, readAt);
  const reader = { ...target, ownUser: user };
  const news = run.take(
    rows.map((row) => toRecord(reader, row, readAt)),
    true,
  );
  return news.length > 0 || !isSameStart(run.atRest().from, target.before.from);
}
