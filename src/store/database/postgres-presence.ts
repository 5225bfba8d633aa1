/** Who is alive among the processes on one PostgreSQL: each holds an advisory lock on a connection of its own. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import type { Log } from '../../support/log.ts';
import type { Presence } from './presence.ts';
import type { Tables } from './tables.ts';

const again = 250;

/**
 * A dead machine closes no connection: the server itself has to ask whether it is there. It does so after two hours
 * unless told otherwise (https://www.postgresql.org/docs/current/runtime-config-connection.html).
 */
const keepAlive =
  'set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3';

const lockKey = (id: string) => `hashtextextended(current_schema() || '/hub/holder/' || ${id}, 0)`;

export async function enterShared(url: string, log: Log): Promise<Presence> {
  const id = randomUUID();
  const stop = new AbortController();
  const listeners: (() => void)[] = [];
  let held = await hold(url, id);
  const keep = async () => {
    for (;;) {
      await held.broken;
      if (stop.signal.aborted) return;
      log.warn({}, 'the connection that shows that this process is alive broke; making it again');
      const next = await holdAgain(url, id, stop.signal);
      if (!next) return;
      held = next;
      for (const listener of listeners) listener();
    }
  };
  const keeping = keep();
  return {
    id,
    alive,
    onReturn: (listener) => void listeners.push(listener),
    leave: async () => {
      stop.abort();
      await held.client.end().catch(() => undefined);
      await keeping;
    },
  };
}

interface Held {
  readonly client: pg.Client;
  /** Resolves when the connection, and the lock with it, is gone. */
  readonly broken: Promise<void>;
}

async function hold(url: string, id: string): Promise<Held> {
  const client = new pg.Client({ connectionString: url, application_name: 'hub presence', keepAlive: true });
  const broken = new Promise<void>((resolve) => {
    client.on('error', () => resolve());
    client.on('end', () => resolve());
  });
  try {
    await client.connect();
    await client.query(keepAlive);
    await client.query(`select pg_advisory_lock(${lockKey('$1')})`, [id]);
    return { client, broken };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** Null when it is told to stop. */
async function holdAgain(url: string, id: string, signal: AbortSignal): Promise<Held | null> {
  while (!signal.aborted) {
    try {
      return await hold(url, id);
    } catch {
      await pause(again, undefined, { signal }).catch(() => undefined);
    }
  }
  return null;
}

/** Looks at the locks and takes none: the observer must not seem to be the one looked for. */
async function alive(holders: readonly string[], db: Kysely<Tables>): Promise<ReadonlySet<string>> {
  if (holders.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${holders}::text[]) as wanted (id) where exists (
      select 1 from pg_locks where locktype = 'advisory' and objsubid = 1 and granted
        and database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = ${sql.raw(lockKey('id'))})`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
