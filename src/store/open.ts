/** Opens the store: PostgreSQL where a URL is given, else SQLite in a directory; brings its schema up to date. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Keyring } from '../connector/secrets.ts';
import type { Clock } from '../support/clock.ts';
import type { Log } from '../support/log.ts';
import { Problem } from '../support/problem.ts';
import { Bell } from './bell.ts';
import type { Store } from './contract.ts';
import { type Database, OpenDatabase } from './database.ts';
import { bury, enter } from './holders.ts';
import { migrate } from './migrations/run.ts';
import { listen, openPostgres, postgresDialect } from './postgres.ts';
import { openSqlite, type SqliteFile, sqliteDialect } from './sqlite.ts';
import { storeOn } from './store.ts';

export interface StoreOptions {
  /** `postgres://…`; wins over `directory`. Empty text is none, as from an unset variable. */
  readonly url?: string | undefined;
  /** Where the embedded database rests; made if it is not there. */
  readonly directory?: string | undefined;
  /** Seals what must not rest in clear. */
  readonly secrets: Keyring;
  readonly clock: Clock;
  readonly log: Log;
}

export interface OpenedDatabase {
  readonly database: Database;
  listen(listener: () => void): () => void;
  close(): Promise<void>;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const { database, listen: onMark, close } = await openDatabase(options);
  return storeOn(database, { secrets: options.secrets, listen: onMark, close });
}

export type Place = Omit<StoreOptions, 'secrets'>;

/** The database alone, for the copy from one to another. Throws a Problem when it cannot be opened. */
export function openDatabase(place: Place): Promise<OpenedDatabase> {
  if (place.url) return openShared(place.url, place);
  if (place.directory) return openEmbedded(place.directory, place);
  throw new Problem('configuration', 'No database is named.', {
    remedy: 'Set `data` to a directory, or `database` to a postgres:// URL.',
  });
}

const pollMs = 200;

async function openEmbedded(directory: string, { clock, log }: Place): Promise<OpenedDatabase> {
  const holders = join(directory, 'holders');
  const file = await openFile(directory);
  const presence = enter(holders);
  const bell = new Bell((ring) => watchCommits(file.dataVersion, ring));
  const database = new OpenDatabase({
    ...{ dialect: sqliteDialect, reader: file.reader, writer: file.writer, clock, holder: presence.id },
    onWorkMarked: () => bell.ring(),
  });
  const closeFile = async () => {
    await file.close();
    presence.leave();
  };
  return ready(database, bell, closeFile, async () => {
    await migrate(database);
    if (presence.dead.length === 0) return;
    await letGo(database, presence.dead);
    bury(holders, presence.dead);
    log.info({ processes: presence.dead.length }, 'took back the work of processes that had died');
  });
}

async function openFile(directory: string): Promise<SqliteFile> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return await openSqlite(join(directory, 'hub.db'));
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('configuration', `The data directory cannot be used: ${why}`, {
      where: directory,
      remedy: "See that the hub may write there, that the disk has room, and that hub.db is a hub's.",
      cause,
    });
  }
}

/** Other processes' commits show in a counter; looking at it costs microseconds. */
function watchCommits(version: () => number, ring: () => void): () => Promise<void> {
  let seen = version();
  const timer = setInterval(() => {
    const now = version();
    if (now === seen) return;
    seen = now;
    ring();
  }, pollMs);
  timer.unref();
  return async () => clearInterval(timer);
}

async function openShared(url: string, { clock, log }: Place): Promise<OpenedDatabase> {
  const pool = await openPostgres(url, log);
  const bell = new Bell((ring) => listen(url, log, ring));
  const database = new OpenDatabase({
    ...{
      dialect: postgresDialect,
      reader: pool.database,
      writer: pool.database,
      clock,
      holder: randomUUID(),
    },
    onWorkMarked: () => bell.ring(),
  });
  return ready(database, bell, pool.close, () => migrate(database));
}

/** Nothing stays open of a database that cannot be made ready. */
async function ready(
  database: Database,
  bell: Bell,
  closeDatabase: () => Promise<void>,
  prepare: () => Promise<void>,
): Promise<OpenedDatabase> {
  try {
    await prepare();
  } catch (error) {
    await closeDatabase();
    throw error;
  }
  let closing: Promise<void> | null = null;
  const close = async () => {
    await bell.close();
    await letGo(database, [database.holder]);
    await closeDatabase();
  };
  return {
    database,
    listen: (listener) => bell.listen(listener),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

/** Frees the claims and leases of processes that hold them no longer. */
async function letGo(database: Database, holders: readonly string[]): Promise<void> {
  await database.write(async (session) => {
    await session.run(
      sql`update work set holder = null, ready_at = marked_at where ${session.among('holder', holders)}`,
    );
    for (const holder of holders)
      await session.run(sql`delete from lease where holder like ${`${holder}/%`}`);
  });
}
