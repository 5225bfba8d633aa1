/**
 * Lanes: the work of a stage by the connection whose news it comes from. The keys of the first stages begin with it; the
 * later ones, whose keys are entities, keep it beside the key.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Stage } from '../contract/work.ts';
import { prefixRange } from '../database/prefix.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { matching, scopeOf, type WorkFilter } from './work-filter.ts';

type Work = Row<'work'>;

const keyed: ReadonlySet<Stage> = new Set(['inbox', 'fetch', 'normalize']);

export function isKeyedByConnection(stage: Stage): boolean {
  return keyed.has(stage);
}

/** What is kept as the cause of a mark that is made while the news of `cause` is worked on. */
export function causeOf(stage: Stage, key: string, cause: string): string {
  return isKeyedByConnection(stage) ? scopeOf(key) : cause;
}

export interface StageFilter extends WorkFilter {
  readonly stage: Stage;
}

/** One look-up for each lane, in the order of an index. */
export async function lanesOf(session: Session, filter: StageFilter): Promise<string[]> {
  const lanes: string[] = [];
  for (let from: RawBuilder<unknown> = sql`true`; ; ) {
    const [next] = isKeyedByConnection(filter.stage)
      ? await session.all(firstByKey(filter.stage, from))
      : await session.all(firstByCause(filter, from));
    if (next === undefined) return lanes;
    const lane = causeOf(filter.stage, next.key, next.cause);
    lanes.push(lane);
    from = isKeyedByConnection(filter.stage)
      ? sql`key >= ${prefixRange(`${lane}|`).to}`
      : sql`cause > ${lane}`;
  }
}

function firstByKey(stage: Stage, from: RawBuilder<unknown>): RawBuilder<Pick<Work, 'key' | 'cause'>> {
  return sql`select key, cause from work where ${matching({ stage })} and ${from} order by key limit 1`;
}

function firstByCause(
  { stage, prefix }: StageFilter,
  from: RawBuilder<unknown>,
): RawBuilder<Pick<Work, 'key' | 'cause'>> {
  // By scope alone: the rest of a prefix is no part of the index.
  const own = prefix ? `${scopeOf(prefix)}|` : undefined;
  return sql`select key, cause from work where ${matching({ stage, prefix: own })} and ${from} order by cause limit 1`;
}

/** Lanes in which something is due. */
export async function dueLanes(session: Session, filter: StageFilter, now: number): Promise<string[]> {
  const due: string[] = [];
  for (const lane of await lanesOf(session, filter)) {
    const [first] = await session.all(readyIn(filter, lane, 1, now));
    if (first) due.push(lane);
  }
  return due;
}

/** The ready work of a lane, in the order of the index that has it: that of keys, or of age. */
export function readyIn(filter: StageFilter, lane: string, limit: number, now: number): RawBuilder<Work> {
  const { from, to } = prefixRange(`${lane}|`);
  const [inside, order] = isKeyedByConnection(filter.stage)
    ? [sql`key >= ${from} and key < ${to}`, sql`key`]
    : [sql`cause = ${lane}`, sql`ready_at, key`];
  return sql<Work>`select * from work where ${matching(filter)} and ${inside} and ready_at <= ${now}
    order by ${order} limit ${limit}`;
}
