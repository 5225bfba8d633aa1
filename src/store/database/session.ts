/** A connection in use: the query builder, the dialect, and the batch statements that the store is made of. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Cell, Dialect } from './dialect.ts';
import { type ColumnType, columns, primaryKeys, type Row, type TableName, type Tables } from './tables.ts';

/** Bounds the memory that one statement's parameters take. */
const chunkSize = 500;

export class Session {
  readonly db: Kysely<Tables>;
  readonly dialect: Dialect;
  readonly among: Dialect['among'];

  constructor(db: Kysely<Tables>, dialect: Dialect) {
    this.db = db;
    this.dialect = dialect;
    this.among = dialect.among;
  }

  async all<R>(query: RawBuilder<R>): Promise<R[]> {
    return (await query.execute(this.db)).rows;
  }

  /** Returns how many rows the statement changed. */
  async run(statement: RawBuilder<unknown>): Promise<number> {
    return Number((await statement.execute(this.db)).numAffectedRows ?? 0n);
  }

  /** Rows whose key is there already stay as they are; returns how many were new. */
  insert<T extends TableName>(table: T, rows: readonly Row<T>[]): Promise<number> {
    return this.#insert(table, rows, sql`do nothing`);
  }

  /** Rows whose key is there already are overwritten, in `only` these columns if given. */
  upsert<T extends TableName>(
    table: T,
    rows: readonly Row<T>[],
    only?: readonly (keyof Row<T> & string)[],
  ): Promise<number> {
    const keys: readonly string[] = primaryKeys[table];
    const changing = only ?? Object.keys(columns[table]).filter((column) => !keys.includes(column));
    const set = changing.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`);
    return this.#insert(table, lastOfEachKey(rows, keys), sql`do update set ${sql.join(set)}`);
  }

  async remove<T extends TableName>(
    table: T,
    column: keyof Row<T> & string,
    keys: readonly string[],
  ): Promise<number> {
    if (keys.length === 0) return 0;
    return this.run(sql`delete from ${sql.table(table)} where ${this.among(column, keys)}`);
  }

  async #insert<T extends TableName>(
    table: T,
    rows: readonly Row<T>[],
    onConflict: RawBuilder<unknown>,
  ): Promise<number> {
    const types: Readonly<Record<string, ColumnType>> = columns[table];
    const names = Object.keys(types);
    const key = sql.join(primaryKeys[table].map((name) => sql.ref(name)));
    const cells = rows.map((row) => cellsOf(row, names));
    return this.insertWith(table, types, cells, sql`on conflict (${key}) ${onConflict}`);
  }

  /** Inserts some columns of a table in batches; `tail` is the whole `on conflict` clause. */
  async insertWith(
    table: TableName,
    types: Readonly<Record<string, ColumnType>>,
    rows: readonly (readonly Cell[])[],
    tail: RawBuilder<unknown>,
  ): Promise<number> {
    let changed = 0;
    for (let start = 0; start < rows.length; start += chunkSize) {
      changed += await this.dialect.insert(this.db, table, types, rows.slice(start, start + chunkSize), tail);
    }
    return changed;
  }
}

/** PostgreSQL refuses to update a row twice in one statement; SQLite would let the last win. */
function lastOfEachKey<R extends Readonly<Record<string, Cell>>>(
  rows: readonly R[],
  keys: readonly string[],
): R[] {
  const [only = '', ...others] = keys;
  const keyOf = (row: R) => (others.length === 0 ? row[only] : JSON.stringify(keys.map((key) => row[key])));
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

function cellsOf(row: Readonly<Record<string, Cell>>, names: readonly string[]): Cell[] {
  return names.map((name) => row[name] ?? null);
}
