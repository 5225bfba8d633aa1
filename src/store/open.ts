/** Opens the store: PostgreSQL where a URL is given, else SQLite in a directory; brings its schema up to date. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Keyring } from '../connector/secrets.ts';
import type { Clock } from '../support/clock.ts';
import { messageOf } from '../support/error-text.ts';
import type { Log } from '../support/log.ts';
import { Problem } from '../support/problem.ts';
import type { Store } from './contract/store.ts';
import { type Database, OpenDatabase } from './database/database.ts';
import { Notifier } from './database/notifier.ts';
import { listen, openPostgres, postgresDialect } from './database/postgres.ts';
import { enterShared } from './database/postgres-presence.ts';
import type { Presence } from './database/presence.ts';
import { storeProblem } from './database/probe.ts';
import { openSqlite, type SqliteFile, sqliteDialect } from './database/sqlite.ts';
import { sqliteProblem } from './database/sqlite-faults.ts';
import { letGo, register, watchOver } from './database/watch-over.ts';
import { bury, enter } from './hub/holders.ts';
import { migrate } from './migrations/run.ts';
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
  return storeOn(database, { secrets: options.secrets, log: options.log, listen: onMark, close });
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
  const notifier = new Notifier((notify) => watchCommits(file.dataVersion, notify));
  const database = new OpenDatabase({
    ...{ dialect: sqliteDialect, reader: file.reader, writer: file.writer, clock, presence },
    onWorkMarked: () => notifier.notify(),
  });
  return ready({ database, notifier, presence, log, closeDatabase: file.close }, async () => {
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
    const known = sqliteProblem(cause, directory);
    if (known) throw known;
    const why = messageOf(cause);
    throw new Problem('configuration', `The data directory cannot be used: ${why}`, {
      where: directory,
      remedy: "See that the hub may write there, that the disk has room, and that hub.db is a hub's.",
      cause,
    });
  }
}

/** Other processes' commits show in a counter; looking at it costs microseconds. */
function watchCommits(version: () => number, notify: () => void): () => Promise<void> {
  let seen = version();
  const timer = setInterval(() => {
    const now = version();
    if (now === seen) return;
    seen = now;
    notify();
  }, pollMs);
  timer.unref();
  return async () => clearInterval(timer);
}

async function openShared(url: string, { clock, log }: Place): Promise<OpenedDatabase> {
  const pool = await openPostgres(url, log);
  const presence = await enterShared(url, log).catch(async (error: unknown) => {
    await pool.close();
    throw error;
  });
  const notifier = new Notifier((notify) => listen(url, log, notify));
  const { database: kysely } = pool;
  const database = new OpenDatabase({
    ...{ dialect: postgresDialect, reader: kysely, writer: kysely, clock, presence },
    onWorkMarked: () => notifier.notify(),
  });
  return ready({ database, notifier, presence, log, closeDatabase: pool.close }, () => migrate(database));
}

interface Opening {
  readonly database: Database;
  readonly notifier: Notifier;
  readonly presence: Presence;
  readonly log: Log;
  closeDatabase(): Promise<void>;
}

/** Nothing stays open of a database that cannot be made ready. */
async function ready(opening: Opening, prepare: () => Promise<void>): Promise<OpenedDatabase> {
  const { database, notifier, presence, log, closeDatabase } = opening;
  const leave = async () => {
    await closeDatabase();
    await presence.leave();
  };
  try {
    await prepare();
    await register(database);
  } catch (error) {
    await leave();
    throw storeProblem(error) ?? error;
  }
  // The process that took us for dead has crossed us out.
  presence.onReturn(() => void register(database).catch(() => undefined));
  const stopWatching = watchOver(database, log, () => notifier.notify());
  let closing: Promise<void> | null = null;
  const close = async () => {
    await stopWatching();
    await notifier.close();
    // Where nothing can be written, the next worker takes it back, as from one that died.
    await letGo(database, [database.holder]).catch((error: unknown) => log.warn({}, String(error)));
    await leave();
  };
  return {
    database,
    listen: (listener) => notifier.listen(listener),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}
