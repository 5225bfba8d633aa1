/** Writes of rows that wait for their deals. */
import { sql } from 'kysely';
import type { HeldRow, HeldRows } from '../contract/held-rows.ts';
import type { Database } from '../database/database.ts';
import { prefixRange } from '../database/prefix.ts';
import type { Session } from '../database/session.ts';
import { markKeys } from './mark.ts';

export class SqlHeldRows implements HeldRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async replace(keys: readonly string[], held: readonly HeldRow[]): Promise<void> {
    if (keys.length === 0) return;
    const at = this.#database.clock.now();
    await this.#database.write(async (session) => {
      await this.#alone(session);
      await session.remove('held_row', 'key', keys);
      await session.upsert(
        'held_row',
        held.map((row) => ({ ...row, at })),
      );
    });
  }

  async of(deals: readonly string[]): Promise<HeldRow[]> {
    const { read } = this.#database;
    await this.#alone(read);
    return read.all(
      sql<HeldRow>`select key, deal from held_row where ${read.among('deal', deals)} order by key`,
    );
  }

  async under(prefix: string): Promise<HeldRow[]> {
    const { from, to } = prefixRange(prefix);
    return this.#database.read.all(
      sql<HeldRow>`select key, deal from held_row where key >= ${from} and key < ${to} order by at, key`,
    );
  }

  async release(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#database.transaction(async (database) => {
      await database.write(async (session) => {
        await session.remove('held_row', 'key', keys);
        await markKeys(session, { stage: 'push', keys, dueAt: database.clock.now(), cause: database.cause });
      });
      await database.announceWork();
    });
  }

  async count(): Promise<{ rows: number; deals: number }> {
    const [row] = await this.#database.read.all(
      sql<{
        rows: number;
        deals: number;
      }>`select count(*) as rows, count(distinct deal) as deals from held_row`,
    );
    return { rows: row?.rows ?? 0, deals: row?.deals ?? 0 };
  }

  async #alone({ db, dialect }: Session): Promise<void> {
    if (this.#database.inTransaction) await dialect.alone(db, 'held rows');
  }
}
