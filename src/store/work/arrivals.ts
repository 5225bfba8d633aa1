/**
 * Deliveries that were acknowledged and have no mark yet. The row in the inbox is all that an acknowledgement waits
 * for; the next claim of stage `inbox`, in this process or another, writes the marks. Until then they count as work.
 */
import { randomInt } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import { prefixRange } from '../database/prefix.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { versions } from './mark.ts';
import { scopeOf } from './work-filter.ts';

/** A delivery with a mark is claimed, waits, or is parked; either way the set of work knows it. */
const unmarked = sql`from inbox where not exists
  (select 1 from work where work.stage = 'inbox' and work.key = inbox.key)`;

/** Marks all of them, ready since they came. Returns how many there were. */
export async function markArrivals(session: Session, now: number): Promise<number> {
  const arrived = await session.all(
    sql<Pick<Row<'inbox'>, 'key' | 'at'>>`select key, at ${unmarked} order by key`,
  );
  if (arrived.length === 0) return 0;
  const version = randomInt(versions);
  // A clock that was set back must not let a delivery wait for the time at which it came.
  const marks = arrived.map(({ key, at }) => markOf(key, version, Math.min(at, now)));
  // Another process may have marked, claimed or parked one meanwhile: its row stays as it is.
  return session.insert('work', marks);
}

function markOf(key: string, version: number, since: number): Row<'work'> {
  const times = { marked_at: since, ready_at: since };
  const fresh = { attempts: 0, holder: null, parked_at: null, reason: null };
  const scope = scopeOf(key);
  return { stage: 'inbox', key, scope, cause: scope, version, ...times, ...fresh };
}

/** How many there are, as part of a statement that counts marks: read apart, one that is being marked might be in neither. */
export function arrivals(prefix = ''): RawBuilder<number> {
  return sql`(select count(*) ${unmarked} and ${startingWith(prefix)})`;
}

/** When the first of them came, or null, as part of a statement. */
export const firstArrival: RawBuilder<number | null> = sql`(select min(at) ${unmarked})`;

function startingWith(prefix: string): RawBuilder<unknown> {
  if (prefix === '') return sql`1 = 1`;
  const { from, to } = prefixRange(prefix);
  return sql`key >= ${from} and key < ${to}`;
}
