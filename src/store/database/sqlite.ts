/** Kysely over `node:sqlite`: one connection that writes, taken in mutex, and one that reads. */

import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CompiledQuery,
  type Driver,
  Kysely,
  type Dialect as KyselyDialect,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import { Problem } from '../../support/problem.ts';
import type { Cell, Dialect } from './dialect.ts';
import { Mutex } from './mutex.ts';
import { SqliteDriver } from './sqlite-driver.ts';
import { closeToOthers, makeFile, refuseForeign, refuseStrange, stillThere } from './sqlite-file.ts';
import type { Tables } from './tables.ts';
import { storable, storableValue } from './text.ts';

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  ddl: {
    text: 'text',
    integer: 'integer',
    real: 'real',
    table: 'strict',
    keyedTable: 'strict, without rowid',
  },
  rows: (alias, columns, rows) => {
    const cells = Object.keys(columns).map(
      (name, index) => sql`value ->> ${sql.lit(index)} as ${sql.ref(name)}`,
    );
    return sql`(select ${sql.join(cells)} from json_each(${asJson(rows)})) as ${sql.ref(alias)}`;
  },
  insert: async (db, table, columns, rows, tail) => {
    let changed = 0;
    for (const part of parts(rows)) {
      const text = insertText(table, Object.keys(columns), part.length, tail.compile(db).sql);
      const result = await db.executeQuery(CompiledQuery.raw(text, storableCells(part)));
      changed += Number(result.numAffectedRows ?? 0n);
    }
    return changed;
  },
  among: (column, keys) => sql`${sql.ref(column)} in (select value from json_each(${asJson(keys)}))`,
  locked: sql``,
  shared: sql``,
  lockedSkipping: sql``,
  // There is one writer at a time anyway, and other processes see its commits in `PRAGMA data_version`.
  alone: async () => {},
  freeze: async () => {},
  announce: async () => {},
  mayRepeat: () => false,
};

const rowsPerInsert = 64;

/** Powers of two, so that a table has seven insert statements to be prepared and not one for every number of rows. */
function* parts<T>(rows: readonly T[]): Generator<readonly T[]> {
  let size = rowsPerInsert;
  for (let start = 0; start < rows.length; start += size) {
    while (size > rows.length - start) size /= 2;
    yield rows.slice(start, start + size);
  }
}

/** Row after row. A loop, because every page of records passes through here. */
function storableCells(rows: readonly (readonly Cell[])[]): Cell[] {
  const cells: Cell[] = [];
  for (const row of rows)
    for (const cell of row) cells.push(typeof cell === 'string' ? storable(cell) : cell);
  return cells;
}

/** Bound cells, not `json_each`: a wide row's JSON would be parsed once for each of its columns. */
function insertText(table: string, names: readonly string[], count: number, tail: string): string {
  const row = `(${names.map(() => '?').join(', ')})`;
  const columns = names.map((name) => `"${name}"`).join(', ');
  return `insert into "${table}" (${columns}) values ${Array(count).fill(row).join(', ')} ${tail}`;
}

/** JSON writes what is not storable as escapes; a look at the text saves looking at every cell. */
function asJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!/\\u(?:0000|d[89a-f])/.test(text)) return text;
  return JSON.stringify(value, (_, item) => (typeof item === 'string' ? storable(item) : item));
}

/**
 * As durable as SQLite can be: the log is synced at every commit (https://sqlite.org/pragma.html#pragma_synchronous).
 * It is folded into the file every 16 MB: at the default of 4 MB nearly every page of records would do that, and
 * until it has once reached its full size every commit makes it longer, which a file system syncs at half the speed.
 * A record takes about a kilobyte: of the usual pages of 4 kB a quarter would stay empty, and be written to the log.
 */
const pragmas = `
  pragma page_size = 8192;
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma cache_size = -16384;
  pragma temp_store = memory;
  pragma wal_autocheckpoint = 2000;
`;

export interface SqliteFile {
  readonly writer: Kysely<Tables>;
  readonly reader: Kysely<Tables>;
  /** A number that moves when another process commits. */
  dataVersion(): number;
  close(): Promise<void>;
}

export async function openSqlite(file: string): Promise<SqliteFile> {
  refuseStrange(file);
  makeFile(file, (database) => database.exec(pragmas));
  closeToOthers(file);
  // Opening waits in place for a process that is just closing the file; see `patiently` for the rest.
  const writing = new DatabaseSync(file, { timeout: 5_000 });
  await patiently(file, () => writing.exec(pragmas));
  refuseForeign(writing, file);
  writing.exec('pragma busy_timeout = 10');
  const reading = new DatabaseSync(file, { timeout: 5_000 });
  reading.exec('pragma cache_size = -8192; pragma query_only = on');
  const version = writing.prepare('pragma data_version');
  const look = stillThere(file);
  const begin = () => {
    look();
    writing.exec('begin immediate');
  };
  const writer = kyselyOn(new SqliteDriver(writing, new Mutex(), () => patiently(file, begin)));
  const reader = kyselyOn(new SqliteDriver(reading, null, async () => reading.exec('begin')));
  return {
    writer,
    reader,
    dataVersion: () => Number(version.get()?.data_version),
    close: async () => {
      await reader.destroy();
      await writer.destroy();
    },
  };
}

class StorableQueryCompiler extends SqliteQueryCompiler {
  protected override appendValue(parameter: unknown): void {
    super.appendValue(storableValue(parameter));
  }
}

function kyselyOn(driver: Driver): Kysely<Tables> {
  const dialect: KyselyDialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new StorableQueryCompiler(),
  };
  return new Kysely<Tables>({ dialect });
}

/** Another process is writing: let our own event loop go on, and try again. */
async function patiently(file: string, attempt: () => void): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  for (let wait = 1; ; wait = Math.min(wait * 2, 20)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > giveUpAt) {
        throw new Problem('failed', 'Another process has held the database for over a minute.', {
          where: file,
          remedy: 'Find out which process has it open, and stop that process.',
          cause: error,
        });
      }
    }
    await pause(wait);
  }
}

/** SQLITE_BUSY and its extended codes: https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    (error.errcode & 0xff) === 5
  );
}
