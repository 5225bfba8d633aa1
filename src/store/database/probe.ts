/** Whether the store takes writes, and in words why not. */
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../support/problem.ts';
import type { Database } from './database.ts';
import { isLostConnection } from './lost-connection.ts';
import { sqliteProblem } from './sqlite-faults.ts';

const patienceMs = 5_000;

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const sqlStates: Readonly<Record<string, string>> = {
  '25006': 'The database is read-only: a standby, or one that was set so.',
  '53100': 'The disk of the database is full.',
  '53300': 'The database has no connection left for the hub.',
  '42501': 'The hub may not write to the database.',
};

/** Writes one small row; null when that works. Never throws. */
export async function whyNotWritable(database: Database): Promise<string | null> {
  const given = new AbortController();
  const late = pause(patienceMs, 'The database does not answer in time.', { signal: given.signal });
  const write = database.write((session) =>
    session.upsert('state', [{ key: 'written by /ready', value: String(database.clock.now()) }]),
  );
  try {
    return await Promise.race([write.then(() => null), late]);
  } catch (error) {
    return reasonOf(error);
  } finally {
    given.abort();
    late.catch(() => undefined);
    write.catch(() => undefined);
  }
}

/** Null for an error that says nothing of whether the store takes writes. */
export function storeProblem(error: unknown): Problem | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = sqlStates[code];
  if (message === undefined) return sqliteProblem(error);
  const remedy = 'Let the hub write there, or name another database in `database:` or DATABASE_URL.';
  return new Problem('configuration', message, { remedy, cause: error });
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  const embedded = sqliteProblem(error);
  if (embedded) return embedded.message;
  if (isLostConnection(error)) return 'The database does not answer.';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return sqlStates[code] ?? 'The database does not take writes.';
}
