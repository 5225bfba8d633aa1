/** Kysely's driver for one `node:sqlite` connection, which is used by one at a time. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely';
import { breath } from '../../support/breath.ts';
import type { Mutex } from './mutex.ts';

export class SqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #connection: SqliteConnection;
  readonly #mutex: Mutex | null;
  readonly #begin: () => Promise<void>;

  constructor(database: DatabaseSync, mutex: Mutex | null, begin: () => Promise<void>) {
    this.#database = database;
    this.#connection = new SqliteConnection(database);
    this.#mutex = mutex;
    this.#begin = begin;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#mutex?.acquire();
    return this.#connection;
  }

  beginTransaction(): Promise<void> {
    return this.#begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(): Promise<void> {
    // SQLite rolls back by itself on some errors (disk full): then there is nothing left to undo.
    if (this.#database.isTransaction) this.#database.exec('rollback');
  }

  async releaseConnection(): Promise<void> {
    this.#mutex?.release();
  }

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** Statements are few and fixed, because batches are parameters; this only guards against a stray one. */
const maxStatements = 500;

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, { readonly statement: StatementSync; readonly reads: boolean }>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** In place: without a breath in between, a whole transaction would be one turn of the event loop. */
  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    await breath();
    const { statement, reads } = this.#prepared(query.sql);
    const parameters = query.parameters as readonly SQLInputValue[];
    if (reads) return { rows: statement.all(...parameters) as R[] };
    return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Long results are read in key order, a batch at a time.');
  }

  #prepared(text: string): { readonly statement: StatementSync; readonly reads: boolean } {
    const known = this.#statements.get(text);
    if (known) return known;
    const statement = this.#database.prepare(text);
    const prepared = { statement, reads: statement.columns().length > 0 };
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    this.#statements.set(text, prepared);
    return prepared;
  }
}
