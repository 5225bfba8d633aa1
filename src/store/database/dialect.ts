/** The few things that SQLite and PostgreSQL do not say in the same way. Everything else is shared SQL. */
import type { Kysely, RawBuilder, SqlBool } from 'kysely';
import type { ColumnType, Tables } from './tables.ts';

export type Cell = string | number | null;

export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  readonly ddl: Ddl;
  /**
   * A batch as a table, for `from`: one statement text and a fixed number of parameters for any number of
   * rows, so the statement is prepared once and no parameter limit is met.
   */
  rows(
    alias: string,
    columns: Readonly<Record<string, ColumnType>>,
    rows: readonly (readonly Cell[])[],
  ): RawBuilder<unknown>;
  /** Inserts a batch, `tail` being the `on conflict` clause; returns how many rows were inserted or changed. */
  insert(
    db: Kysely<Tables>,
    table: string,
    columns: Readonly<Record<string, ColumnType>>,
    rows: readonly (readonly Cell[])[],
    tail: RawBuilder<unknown>,
  ): Promise<number>;
  /** `column` is one of `keys`; any number of them. `column` is code, never input. */
  among(column: string, keys: readonly string[]): RawBuilder<SqlBool>;
  /** Ends a select: its rows are ours until the transaction ends. */
  readonly locked: RawBuilder<unknown>;
  /** Ends a select: nobody changes its rows until the transaction ends; others may read them so, too. */
  readonly shared: RawBuilder<unknown>;
  /** The same as `locked`, passing over rows that another worker holds. */
  readonly lockedSkipping: RawBuilder<unknown>;
  /** One transaction at a time, in any process, between here and its end. */
  alone(db: Kysely<Tables>, name: string): Promise<void>;
  /** First statement of a transaction that only reads: from here on it sees no other's commits. */
  freeze(db: Kysely<Tables>): Promise<void>;
  /** Tells other processes, when the transaction commits, that work was marked. */
  announce(db: Kysely<Tables>): Promise<void>;
  /** The database gave up this transaction to save another; the same once more will do. */
  mayRepeat(error: unknown): boolean;
}

/** Spellings for migrations. */
export interface Ddl {
  /** Text that compares by bytes, so that both databases order keys alike. */
  readonly text: string;
  readonly integer: string;
  readonly real: string;
  /** Ends a table. */
  readonly table: string;
  /** Ends a narrow table whose rows are best kept in key order. */
  readonly keyedTable: string;
}
