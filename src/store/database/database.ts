/** Where the parts of the store read and write: outside a transaction, or inside one. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Clock } from '../../support/clock.ts';
import type { Dialect } from './dialect.ts';
import { isLostConnection } from './lost-connection.ts';
import type { Presence } from './presence.ts';
import { Session } from './session.ts';
import type { Tables } from './tables.ts';

export interface Database {
  readonly clock: Clock;
  /** Names this process among those that share the database: who holds a claim or a lease. */
  readonly holder: string;
  readonly read: Session;
  /** All or nothing. The work may be run again if the database asks for it, so it does nothing but this. */
  write<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** The same for work of several parts, which then join in. `cause`: see there. */
  transaction<T>(work: (database: Database) => Promise<T>, cause?: string): Promise<T>;
  /** Work was marked: listeners hear of it once that is committed. */
  announceWork(): Promise<void>;
  /** Those of the processes that are alive; they hold what they hold, however long they take. */
  alive(holders: readonly string[]): Promise<ReadonlySet<string>>;
  /** True inside `transaction`. */
  readonly inTransaction: boolean;
  /** The connection whose news the transaction works on, which is kept with what it marks; empty where there is none. */
  readonly cause: string;
}

export interface DatabaseParts {
  readonly dialect: Dialect;
  readonly reader: Kysely<Tables>;
  readonly writer: Kysely<Tables>;
  readonly clock: Clock;
  readonly presence: Pick<Presence, 'id' | 'alive'>;
  /** Called after each commit that marked work. */
  onWorkMarked(): void;
}

const maxAttempts = 5;
const reconnectMs = 50;

export class OpenDatabase implements Database {
  readonly clock: Clock;
  readonly holder: string;
  readonly read: Session;
  readonly inTransaction = false;
  readonly cause = '';
  readonly #parts: DatabaseParts;
  readonly #within = new AsyncLocalStorage<Joined>();

  constructor(parts: DatabaseParts) {
    this.#parts = parts;
    this.clock = parts.clock;
    this.holder = parts.presence.id;
    this.read = new Session(parts.reader, parts.dialect);
  }

  write<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.transaction((joined) => joined.write(work));
  }

  async transaction<T>(work: (database: Database) => Promise<T>, cause = ''): Promise<T> {
    if (this.#within.getStore()?.open) {
      // It would wait for itself on SQLite, and silently not be part of the whole on PostgreSQL.
      throw new Error('Inside a transaction, use the store that the transaction hands you.');
    }
    for (let attempt = 1; ; attempt += 1) {
      const progress = { isCommitting: false };
      try {
        return await this.#once(work, cause, progress);
      } catch (error) {
        // Lost on the way to its end, it may have been committed: only what follows can find out.
        const isLost = isLostConnection(error) && !progress.isCommitting;
        if (attempt === maxAttempts || !(isLost || this.#parts.dialect.mayRepeat(error))) throw error;
        if (isLost) await pause(reconnectMs * 2 ** attempt);
      }
    }
  }

  alive(holders: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#parts.presence.alive(holders, this.#parts.reader);
  }

  announceWork(): Promise<void> {
    return this.transaction((joined) => joined.announceWork());
  }

  async #once<T>(
    work: (database: Database) => Promise<T>,
    cause: string,
    progress: { isCommitting: boolean },
  ): Promise<T> {
    let marked = false;
    const result = await this.#parts.writer.transaction().execute(async (transaction) => {
      const session = new Session(transaction, this.#parts.dialect);
      const joined = new Joined(this, session, this.#parts.presence, cause);
      try {
        const done = await this.#within.run(joined, () => work(joined));
        progress.isCommitting = true;
        return done;
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
  readonly cause: string;
  readonly #presence: DatabaseParts['presence'];
  open = true;
  marked = false;

  constructor(outer: Database, session: Session, presence: DatabaseParts['presence'], cause: string) {
    this.#presence = presence;
    this.cause = cause;
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

  alive(holders: readonly string[]): Promise<ReadonlySet<string>> {
    return this.#presence.alive(holders, this.read.db);
  }

  async announceWork(): Promise<void> {
    if (this.marked) return;
    this.marked = true;
    await this.read.dialect.announce(this.read.db);
  }
}
