/**
 * What a hub's clock that was ahead has put into the future. Once the clock is right again, a mark of that time would
 * wait until the time has come, and a lead with it.
 */
import { sql } from 'kysely';
import type { Stage } from '../contract/work.ts';
import type { Session } from '../database/session.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Marks are ready at once, or seconds later. */
const marksAheadMs = 30 * minuteMs;
/** Vendors ask to wait for the rest of a day at most. */
const longestWaitMs = 25 * hourMs;
/** To look costs little, but claims are many. */
export const lookEveryMs = minuteMs;

const most = 10_000;

/** Makes it ready now. What somebody holds stays with them. */
export async function bringBack(session: Session, stage: Stage, now: number): Promise<void> {
  const ahead = await session.all(
    sql<{ key: string }>`select key from work
      where stage = ${stage} and ready_at > ${now + marksAheadMs} and holder is null
        and (ready_at = marked_at or ready_at > ${now + longestWaitMs})
      order by key limit ${most} ${session.dialect.lockedSkipping}`,
  );
  if (ahead.length === 0) return;
  const keys = ahead.map(({ key }) => key);
  await session.run(
    sql`update work set ready_at = ${now}, marked_at = ${now} where stage = ${stage} and ${session.among('key', keys)}`,
  );
}
