/** Writes that wait for a record of another entity, kept under what they wait for. */
import { sql } from 'kysely';
import type { Wait, Waits } from '../contract/waits.ts';
import type { Database } from '../database/database.ts';
import type { Row } from '../database/tables.ts';
import { markKeys } from './mark.ts';

export class SqlWaits implements Waits {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async replace(keys: readonly string[], waits: readonly Wait[]): Promise<void> {
    if (keys.length === 0) return;
    const at = this.#database.clock.now();
    await this.#database.write(async (session) => {
      // Resolving entities wakes what waits for them: the two must not miss each other.
      if (waits.length > 0) await session.dialect.alone(session.db, 'resolve');
      await session.remove('waiting', 'key', keys);
      const rows = waits.map(({ awaited, key, expected }) => ({
        ...{ awaited, key, at },
        expected: Number(expected),
      }));
      await session.upsert('waiting', rows);
    });
  }

  async wake(awaited: readonly string[]): Promise<number> {
    if (awaited.length === 0) return 0;
    return this.#database.transaction(async (database) => {
      const woken = await database.write(async (session) => {
        const rows = await session.all(
          sql<{ key: string }>`delete from waiting where ${session.among('awaited', awaited)} returning key`,
        );
        const keys = rows.map(({ key }) => key);
        if (keys.length > 0)
          await markKeys(session, {
            stage: 'push',
            keys,
            dueAt: database.clock.now(),
            cause: database.cause,
          });
        return keys.length;
      });
      if (woken > 0) await database.announceWork();
      return woken;
    });
  }

  async list(limit: number): Promise<Wait[]> {
    const rows = await this.#database.read.all(
      sql<Row<'waiting'>>`select * from waiting where expected = 1 order by at, awaited, key limit ${limit}`,
    );
    return rows.map(({ awaited, key }) => ({ awaited, key, expected: true }));
  }

  async count(): Promise<number> {
    const [row] = await this.#database.read.all(
      sql<{ number: number }>`select count(distinct key) as number from waiting where expected = 1`,
    );
    return row?.number ?? 0;
  }
}
