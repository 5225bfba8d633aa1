/** Kysely over a `pg` pool, and the connection that listens for marked work. */
import { setTimeout as pause } from 'node:timers/promises';
import { Kysely, PostgresDialect, PostgresQueryCompiler, sql } from 'kysely';
import pg from 'pg';
import { messageOf } from '../../support/error-text.ts';
import type { Log } from '../../support/log.ts';
import { Problem } from '../../support/problem.ts';
import type { Dialect } from './dialect.ts';
import type { Tables } from './tables.ts';
import { storableValue } from './text.ts';

const channel = 'hub_work';

const arrayTypes = {
  text: 'text[]',
  'text?': 'text[]',
  integer: 'bigint[]',
  'integer?': 'bigint[]',
  real: 'float8[]',
} as const;

export const postgresDialect: Dialect = {
  name: 'postgres',
  ddl: { text: 'text collate "C"', integer: 'bigint', real: 'double precision', table: '', keyedTable: '' },
  rows: (alias, columns, rows) => {
    const names = Object.entries(columns);
    const arrays = names.map(
      ([, type], index) => sql`${rows.map((row) => row[index] ?? null)}::${sql.raw(arrayTypes[type])}`,
    );
    return sql`unnest(${sql.join(arrays)}) as ${sql.ref(alias)} (${sql.join(names.map(([name]) => sql.ref(name)))})`;
  },
  insert: async (db, table, columns, rows, tail) => {
    const list = sql.join(Object.keys(columns).map((name) => sql.ref(name)));
    const batch = postgresDialect.rows('r', columns, rows);
    const statement = sql`insert into ${sql.table(table)} (${list}) select ${list} from ${batch} ${tail}`;
    return Number((await statement.execute(db)).numAffectedRows ?? 0n);
  },
  among: (column, keys) => sql`${sql.ref(column)} = any(${keys}::text[])`,
  locked: sql`for update`,
  shared: sql`for share`,
  lockedSkipping: sql`for update skip locked`,
  alone: async (db, name) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(current_schema() || ${`/hub/${name}`}, 0))`.execute(
      db,
    );
  },
  freeze: async (db) => {
    await sql`set transaction isolation level repeatable read, read only`.execute(db);
  },
  announce: async (db) => {
    await sql`select pg_notify(${channel}, '')`.execute(db);
  },
  mayRepeat: (error) => isDatabaseError(error) && (error.code === '40P01' || error.code === '40001'),
};

function isDatabaseError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** bigint comes as text by default; times, counts and minor units all fit a number. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format),
};

class StorableDialect extends PostgresDialect {
  override createQueryCompiler(): PostgresQueryCompiler {
    return new StorableQueryCompiler();
  }
}

class StorableQueryCompiler extends PostgresQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    super.appendValue(storableValue(parameter));
  }
}

export interface PostgresPool {
  readonly database: Kysely<Tables>;
  close(): Promise<void>;
}

export async function openPostgres(url: string, log: Log): Promise<PostgresPool> {
  const pool = new pg.Pool({ connectionString: url, max: 10, application_name: 'hub', types });
  // A broken idle connection is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ error: error.message }, 'an idle database connection broke'));
  // So would one that breaks between two statements of a transaction: the next statement says so to who waits for it.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ error: error.message }, 'a database connection broke'));
  });
  try {
    (await pool.connect()).release();
  } catch (cause) {
    await pool.end();
    throw unreachable(url, cause);
  }
  const database = new Kysely<Tables>({ dialect: new StorableDialect({ pool }) });
  return { database, close: () => pool.end() };
}

/** The URL may hold a password, so only the place in it is told. */
function unreachable(url: string, cause: unknown): Problem {
  const place = URL.parse(url);
  const why = messageOf(cause);
  return new Problem('configuration', `The database cannot be reached: ${why}`, {
    where: place ? `postgres://${place.host}${place.pathname}` : 'the database URL',
    remedy: 'Check that the server runs, and that host, user, password and database are right.',
    cause,
  });
}

/** Calls back on every notification; connects again, and calls back then too, when the connection breaks. */
export function listen(url: string, log: Log, listener: () => void): () => Promise<void> {
  const stop = new AbortController();
  let client: pg.Client | null = null;
  const loop = async () => {
    while (!stop.signal.aborted) {
      try {
        client = new pg.Client({ connectionString: url, application_name: 'hub listener' });
        const broken = new Promise<unknown>((resolve) =>
          client?.on('error', resolve).on('end', () => resolve(null)),
        );
        client.on('notification', listener);
        await client.connect();
        await client.query(`listen ${channel}`);
        listener();
        await broken;
      } catch (error) {
        log.warn({ error: messageOf(error) }, 'cannot listen for marked work; trying again');
      }
      await pause(1_000, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  };
  const running = loop();
  return async () => {
    stop.abort();
    await client?.end().catch(() => undefined);
    await running;
  };
}
