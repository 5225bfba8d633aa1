/**
 * Who is alive among the processes on one database. Each holds a lock that goes with it, however it dies; so what a
 * dead one held is free within seconds, and a living one keeps what it holds, however long it takes.
 */
import { hostname } from 'node:os';
import { sql } from 'kysely';
import { messageOf } from '../../support/error-text.ts';
import type { Log } from '../../support/log.ts';
import type { Database } from './database.ts';

/** A lock that is free may be one whose connection just broke and is being made again. */
const graceMs = 1_000;
const lookMs = 500;

/** Writes down who this process is. */
export async function register(database: Database): Promise<void> {
  const row = { id: database.holder, host: hostname(), pid: process.pid, since: Date.now() };
  await database.write((session) => session.upsert('holder', [row]));
}

/** Takes back, again and again, what dead processes hold. The first look is made at once. */
export function watchOver(database: Database, log: Log, freed: () => void): () => Promise<void> {
  const missing = new Map<string, number>();
  let looking: Promise<void> | null = null;
  const look = async () => {
    try {
      const dead = await longMissing(database, missing);
      if (dead.length === 0) return;
      await letGo(database, dead);
      for (const id of dead) missing.delete(id);
      log.info({ processes: dead.length }, 'took back the work of processes that had died');
      freed();
    } catch (error) {
      // The database does not answer: everything else says so, too.
      log.debug({ error: messageOf(error) }, 'cannot see who is alive');
    }
  };
  const start = () => {
    looking ??= look().finally(() => {
      looking = null;
    });
  };
  const timer = setInterval(start, lookMs);
  timer.unref();
  start();
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

/** `missing`: since when they have been seen to be without their lock. */
async function longMissing(database: Database, missing: Map<string, number>): Promise<string[]> {
  const rows = await database.read.db.selectFrom('holder').select('id').execute();
  const others = rows.map(({ id }) => id).filter((id) => id !== database.holder);
  if (others.length === 0) return [];
  const alive = await database.alive(others);
  const now = performance.now();
  for (const id of others) {
    if (alive.has(id)) missing.delete(id);
    else if (!missing.has(id)) missing.set(id, now);
  }
  return others.filter((id) => now - (missing.get(id) ?? now) >= graceMs);
}

/** Frees the claims and leases of processes that hold them no longer, and forgets these. */
export async function letGo(database: Database, holders: readonly string[]): Promise<void> {
  await database.write(async (session) => {
    await session.run(
      sql`update work set holder = null, ready_at = marked_at where ${session.among('holder', holders)}`,
    );
    for (const holder of holders)
      await session.run(sql`delete from lease where holder like ${`${holder}/%`}`);
    await session.remove('holder', 'id', holders);
  });
}
