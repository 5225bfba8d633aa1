/** Which ready keys are claimed: the oldest, but of no connection more than its share while others wait. */
import { sql } from 'kysely';
import type { Stage } from '../contract/work.ts';
import { prefixRange } from '../database/prefix.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { matching, scopeOf, type WorkFilter } from './work-filter.ts';

type Work = Row<'work'>;

/** Stages whose keys begin with a connection, and that take all connections together. */
const shared: ReadonlySet<Stage> = new Set(['inbox', 'fetch', 'normalize']);

export interface Claiming extends WorkFilter {
  readonly stage: Stage;
}

export async function readyKeys(
  session: Session,
  filter: Claiming,
  limit: number,
  now: number,
): Promise<Work[]> {
  const oldest = await session.all(
    sql<Work>`select * from work where ${matching(filter)} and ready_at <= ${now}
      order by ready_at, key limit ${limit} ${session.dialect.lockedSkipping}`,
  );
  // If all that is ready fits, nobody waits for anybody.
  if (oldest.length < limit || filter.prefix !== undefined || !shared.has(filter.stage)) return oldest;
  const scopes = await scopesOf(session, filter.stage);
  return scopes.length < 2 ? oldest : shareOut(session, filter, { oldest, scopes, limit, now });
}

/** One look-up for each connection, in the order of the primary key. */
async function scopesOf(session: Session, stage: Stage): Promise<string[]> {
  const scopes: string[] = [];
  for (let after = ''; ; ) {
    const [next] = await session.all(
      sql<Pick<Work, 'key'>>`select key from work
        where ${matching({ stage })} and key >= ${after} order by key limit 1`,
    );
    if (!next) return scopes;
    scopes.push(scopeOf(next.key));
    after = prefixRange(`${scopeOf(next.key)}|`).to;
  }
}

interface Sharing {
  readonly oldest: readonly Work[];
  readonly scopes: readonly string[];
  readonly limit: number;
  readonly now: number;
}

async function shareOut(session: Session, filter: Claiming, sharing: Sharing): Promise<Work[]> {
  const { oldest, scopes, limit, now } = sharing;
  const share = Math.max(1, Math.floor(limit / scopes.length));
  const chosen = new Map<string, Work>();
  for (const scope of scopes) {
    const own = oldest.filter((work) => work.scope === scope).slice(0, share);
    const more = own.length < share ? await ofScope(session, filter, scope, share, now) : [];
    for (const work of [...own, ...more].slice(0, share)) chosen.set(work.key, work);
  }
  for (const work of oldest) if (chosen.size < limit) chosen.set(work.key, work);
  return [...chosen.values()].slice(0, limit);
}

/** In the order of the key, which needs no index beside the primary one. */
function ofScope(
  session: Session,
  filter: Claiming,
  scope: string,
  limit: number,
  now: number,
): Promise<Work[]> {
  const { from, to } = prefixRange(`${scope}|`);
  return session.all(
    sql<Work>`select * from work where ${matching(filter)} and key >= ${from} and key < ${to}
      and ready_at <= ${now} order by key limit ${limit} ${session.dialect.lockedSkipping}`,
  );
}
