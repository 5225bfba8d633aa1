/** Makes keys dirty, any number of them in a few statements. */
import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import type { Stage } from './contract.ts';
import type { Session } from './session.ts';
import { scopeOf } from './workFilter.ts';

/** A mark's version need not follow the one before; it only has to differ from every other of its key. */
const versions = 2 ** 48 - 1;

/**
 * A key that is held stays held, and is ready since this mark when the claim ends. One that waits for its due
 * time is ready at once. One that was parked starts anew.
 */
export async function markKeys(
  session: Session,
  stage: Stage,
  keys: readonly string[],
  now: number,
): Promise<void> {
  // Sorted, so that two processes that mark the same keys cannot wait for each other.
  const sorted = [...new Set(keys)].sort();
  const version = randomInt(versions);
  const rows = sorted.map((key) => [stage, key, scopeOf(key), version, now, now, 0]);
  await session.insertWith('work', marked, rows, onMarked);
}

const marked = {
  stage: 'text',
  key: 'text',
  scope: 'text',
  version: 'integer',
  marked_at: 'integer',
  ready_at: 'integer',
  attempts: 'integer',
} as const;

const onMarked = sql`on conflict (stage, key) do update set
  version = excluded.version,
  marked_at = case when work.holder is null and work.parked_at is null
    then work.marked_at else excluded.marked_at end,
  ready_at = case when work.holder is not null or work.ready_at < excluded.ready_at
    then work.ready_at else excluded.ready_at end,
  attempts = case when work.parked_at is null then work.attempts else 0 end,
  parked_at = null,
  reason = null`;
