/** Which ready keys are claimed: the oldest, but of no connection's news more than its share while others wait. */
import { sql } from 'kysely';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { causeOf, lanesOf, readyIn, type StageFilter } from './lanes.ts';
import { matching } from './work-filter.ts';

type Work = Row<'work'>;

export interface Claiming extends StageFilter {
  /** The news of these connections alone. */
  readonly causes?: readonly string[] | undefined;
  readonly limit: number;
  readonly now: number;
}

export async function readyKeys(session: Session, claiming: Claiming): Promise<Work[]> {
  const { causes, limit, now } = claiming;
  if (causes) return ofLanes(session, claiming, causes);
  const oldest = await session.all(
    sql<Work>`select * from work where ${matching(claiming)} and ready_at <= ${now}
      order by ready_at, key limit ${limit} ${session.dialect.lockedSkipping}`,
  );
  // If all that is ready fits, nobody waits for anybody.
  if (oldest.length < limit) return oldest;
  const lanes = await lanesOf(session, claiming);
  return lanes.length < 2 ? oldest : shareOut(session, claiming, oldest, lanes);
}

async function shareOut(
  session: Session,
  claiming: Claiming,
  oldest: readonly Work[],
  lanes: readonly string[],
): Promise<Work[]> {
  const { stage, limit } = claiming;
  const share = Math.max(1, Math.floor(limit / lanes.length));
  const chosen = new Map<string, Work>();
  for (const lane of lanes) {
    const isOwn = ({ key, cause }: Work) => causeOf(stage, key, cause) === lane;
    const own = oldest.filter(isOwn).slice(0, share);
    const more = own.length < share ? await takeFrom(session, claiming, lane, share) : [];
    for (const work of [...own, ...more].slice(0, share)) chosen.set(work.key, work);
  }
  for (const work of oldest) if (chosen.size < limit) chosen.set(work.key, work);
  return [...chosen.values()].slice(0, limit);
}

async function ofLanes(session: Session, claiming: Claiming, lanes: readonly string[]): Promise<Work[]> {
  const share = Math.ceil(claiming.limit / lanes.length);
  const chosen: Work[] = [];
  for (const lane of lanes) chosen.push(...(await takeFrom(session, claiming, lane, share)));
  return chosen;
}

function takeFrom(session: Session, claiming: Claiming, lane: string, limit: number): Promise<Work[]> {
  const ready = readyIn(claiming, lane, limit, claiming.now);
  return session.all(sql<Work>`${ready} ${session.dialect.lockedSkipping}`);
}
