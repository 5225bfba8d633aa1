/** Where the parts of the store read and write: outside a transaction, or inside one. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely } from 'kysely';
import type { Clock } from '../support/clock.ts';
import type { Dialect } from './dialect.ts';
import { Session } from './session.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly clock: Clock;
  /** Names this process among those that share the database: who holds a claim or a lease. */
  readonly holder: string;
  readonly read: Session;
  /** All or nothing. The work may be run again if the database asks for it, so it does nothing but this. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The same for work of several parts, which then join in. */
  transaction<T>(work: (database: Database) => Promise<T>): Promise<T>;
  /** Work was marked: whoever listens hears of it once that is committed. */
  announceWork(): Promise<void>;
  /** True inside `transaction`. */
  readonly inTransaction: boolean;
}

export interface DatabaseParts {
  readonly dialect: Dialect;
  readonly reader: Kysely<Tables>;
  readonly writer: Kysely<Tables>;
  readonly clock: Clock;
  readonly holder: string;
  /** Called after each commit that marked work. */
  onWorkMarked(): void;
}

const maxAttempts = 5;

export class OpenDatabase implements Database {
  readonly clock: Clock;
  readonly holder: string;
  readonly read: Session;
  readonly inTransaction = false;
  readonly #parts: DatabaseParts;
  readonly #within = new AsyncLocalStorage<Joined>();

  constructor(parts: DatabaseParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.holder = parts.holder;
    this.read = new Session(parts.reader, parts.dialect);
  }

  write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.transaction((joined) => joined.write(work));
  }

  async transaction<T>(work: (database: Database) => Promise<T>): Promise<T> {
    if (this.#within.getStore()?.open) {
      // It would wait for itself on SQLite, and silently not be part of the whole on PostgreSQL.
      throw new Error('Inside a transaction, use the store that the transaction hands you.');
    }
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(work);
      } catch (error) {
        if (attempt === maxAttempts || !this.#parts.dialect.mayRepeat(error)) throw error;
      }
    }
  }

  announceWork(): Promise<void> {
    return this.transaction((joined) => joined.announceWork());
  }

  async #once<T>(work: (database: Database) => Promise<T>): Promise<T> {
    let marked = false;
    const result = await this.#parts.writer.transaction().execute(async (transaction) => {
      const joined = new Joined(this, new Session(transaction, this.#parts.dialect));
      try {
        return await this.#within.run(joined, () => work(joined));
      } finally {
        joined.open = false;
        marked = joined.marked;
      }
    });
    if (marked) this.#parts.onWorkMarked();
    return result;
  }
}

class Joined implements Database {
  readonly clock: Clock;
  readonly holder: string;
  readonly read: Session;
  readonly inTransaction = true;
  open = true;
  marked = false;

  constructor(outer: Database, session: Session) {
    this.clock = outer.clock;
    this.holder = outer.holder;
    this.read = session;
  }

  write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return work(this.read);
  }

  transaction<T>(work: (database: Database) => Promise<T>): Promise<T> {
    return work(this);
  }

  async announceWork(): Promise<void> {
    if (this.marked) return;
    this.marked = true;
    await this.read.dialect.announce(this.read.db);
  }
}
