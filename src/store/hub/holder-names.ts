/** Processes as people find them: by number and machine. */
import type { Session } from '../database/session.ts';

/** It has not written down who it is. */
export const unknownProcess = 'another process';

export async function namesOf(
  { db, among }: Session,
  holders: readonly string[],
): Promise<Map<string, string>> {
  if (holders.length === 0) return new Map();
  const rows = await db.selectFrom('holder').selectAll().where(among('id', holders)).execute();
  return new Map(rows.map(({ id, host, pid }) => [id, `process ${pid} on ${host}`]));
}
