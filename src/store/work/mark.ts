/** Makes keys dirty, any number of them in a few statements. */
import { randomInt } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { type Stage, stages } from '../contract/work.ts';
import type { Session } from '../database/session.ts';
import { causeOf, isKeyedByConnection } from './lanes.ts';
import { scopeOf } from './work-filter.ts';

/** A mark's version need not follow the one before; it only has to differ from every other of its key. */
export const versions = 2 ** 48 - 1;

export interface Marking {
  readonly stage: Stage;
  readonly keys: readonly string[];
  readonly dueAt: number;
  /** The connection whose news the marks come from; empty where there is none. */
  readonly cause: string;
}

/**
 * A key that is held stays held, and is ready at `dueAt` when the claim ends. One that waits for a later time is ready at
 * `dueAt`. One that was parked starts anew.
 */
export async function markKeys(session: Session, { stage, keys, dueAt, cause }: Marking): Promise<void> {
  // Sorted, so that two processes that mark the same keys cannot wait for each other.
  const sorted = [...new Set(keys)].sort();
  const version = randomInt(versions);
  const rows = sorted.map((key) => [key, scopeOf(key), causeOf(stage, key, cause)]);
  // From one parameter, for tens of thousands of bound cells would take longer than the rows themselves.
  const marked = session.dialect.rows('marked', { key: 'text', scope: 'text', cause: 'text' }, rows);
  await session.run(sql`
    insert into work (stage, key, scope, cause, version, marked_at, ready_at, attempts)
    select cast(${stage} as text), key, scope, cause, cast(${version} as bigint), cast(${dueAt} as bigint), cast(${dueAt} as bigint), 0
    from ${marked} where true ${onMarked(stage)}`);
}

function onMarked(stage: Stage): RawBuilder<unknown> {
  return sql`on conflict (stage, key) do update set
    version = excluded.version,
    marked_at = case when work.holder is null and work.parked_at is null
      then work.marked_at else excluded.marked_at end,
    ready_at = case when work.holder is not null or work.ready_at < excluded.ready_at
      then work.ready_at else excluded.ready_at end,
    attempts = case when work.parked_at is null then work.attempts else 0 end,
    parked_at = null,
    reason = null,
    cause = ${isKeyedByConnection(stage) ? sql`excluded.cause` : lessLoaded(stage)}`;
}

/**
 * Of two connections that want the same, the one that waits less: whose oldest key in this stage and those before came
 * last. So what a storm has marked before a chat goes with the chat, and a storm that comes after it takes nothing back.
 */
function lessLoaded(stage: Stage): RawBuilder<unknown> {
  return sql`case
    when work.cause = excluded.cause or work.parked_at is not null then excluded.cause
    when ${waitingSince(stage, sql`excluded.cause`)} > ${waitingSince(stage, sql`work.cause`)} then excluded.cause
    else work.cause end`;
}

function waitingSince(stage: Stage, cause: RawBuilder<unknown>): RawBuilder<unknown> {
  const before = stages.slice(0, stages.indexOf(stage) + 1).filter((one) => !isKeyedByConnection(one));
  const oldest = before.map((one) => {
    // Of pushes, those of the same system: their index begins with it.
    const own = one === 'push' ? sql`and other.scope = work.scope` : sql``;
    return sql`select min(other.ready_at) as since from work as other
      where other.stage = ${sql.lit(one)} and other.cause = ${cause} ${own}`;
  });
  return sql`coalesce((select min(since) from (${sql.join(oldest, sql` union all `)}) as oldest),
    ${Number.MAX_SAFE_INTEGER})`;
}
