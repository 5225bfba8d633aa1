/** Makes keys dirty, any number of them in a few statements. */
import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import type { Stage } from '../contract/work.ts';
import type { Session } from '../database/session.ts';
import { scopeOf } from './work-filter.ts';

/** A mark's version need not follow the one before; it only has to differ from every other of its key. */
export const versions = 2 ** 48 - 1;

/**
 * A key that is held stays held, and is ready at `dueAt` when the claim ends. One that waits for a later time is ready at
 * `dueAt`. One that was parked starts anew.
 */
export async function markKeys(
  session: Session,
  stage: Stage,
  keys: readonly string[],
  dueAt: number,
): Promise<void> {
  // Sorted, so that two processes that mark the same keys cannot wait for each other.
  const sorted = [...new Set(keys)].sort();
  const version = randomInt(versions);
  const rows = sorted.map((key) => [key, scopeOf(key)]);
  // From one parameter, for tens of thousands of bound cells would take longer than the rows themselves.
  const marked = session.dialect.rows('marked', { key: 'text', scope: 'text' }, rows);
  await session.run(sql`
    insert into work (stage, key, scope, version, marked_at, ready_at, attempts)
    select cast(${stage} as text), key, scope, cast(${version} as bigint), cast(${dueAt} as bigint), cast(${dueAt} as bigint), 0
    from ${marked} where true ${onMarked}`);
}

const onMarked = sql`on conflict (stage, key) do update set
  version = excluded.version,
  marked_at = case when work.holder is null and work.parked_at is null
    then work.marked_at else excluded.marked_at end,
  ready_at = case when work.holder is not null or work.ready_at < excluded.ready_at
    then work.ready_at else excluded.ready_at end,
  attempts = case when work.parked_at is null then work.attempts else 0 end,
  parked_at = null,
  reason = null`;
