/**
 * The set of dirty keys. `ready_at` says it all: a mark makes a key ready at once, a claim moves it to the end
 * of the lease (so a claim that its holder never ends lapses by itself), a retry to its due time, parking to
 * never (null).
 */
import { type RawBuilder, sql } from 'kysely';
import {
  type Claim,
  type ParkedReason,
  type ParkedWork,
  type Stage,
  stages,
  type WorkSet,
} from './contract.ts';
import type { Database } from './database.ts';
import { fromJson } from './json.ts';
import { markKeys } from './mark.ts';
import type { Row } from './tables.ts';
import { matching, type WorkFilter } from './work-filter.ts';

export class SqlWorkSet implements WorkSet {
  readonly #database: Database;
  readonly #listen: (listener: () => void) => () => void;

  constructor(database: Database, listen: (listener: () => void) => () => void) {
    this.#database = database;
    this.#listen = listen;
  }

  async mark(stage: Stage, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#database.transaction(async (database) => {
      await database.write((session) => markKeys(session, stage, keys, database.clock.now()));
      await database.announceWork();
    });
  }

  claim(stage: Stage, limit: number, leaseMs: number, prefix?: string): Promise<Claim[]> {
    const { clock, holder } = this.#database;
    return this.#database.write(async (session) => {
      const now = clock.now();
      const ready = await session.all(
        sql<
          Row<'work'>
        >`select * from work where ${matching({ stage, prefix })} and ready_at <= ${now} order by ready_at, key limit ${limit} ${session.dialect.lockedSkipping}`,
      );
      if (ready.length === 0) return [];
      const keys = ready.map(({ key }) => key);
      await session.run(
        sql`update work set holder = ${holder}, ready_at = ${now + leaseMs} where stage = ${stage} and ${session.among('key', keys)}`,
      );
      return ready.map(({ key, version, attempts }) => ({ stage, key, version, attempts }));
    });
  }

  async done(claims: readonly Claim[]): Promise<void> {
    await this.#settle(claims, sql`delete from work`);
  }

  async retry(claims: readonly Claim[], dueAt: number): Promise<void> {
    await this.#settle(
      claims,
      sql`update work set holder = null, attempts = attempts + 1, ready_at = ${dueAt}`,
    );
  }

  async release(claims: readonly Claim[]): Promise<void> {
    await this.#settle(claims, sql`update work set holder = null, ready_at = marked_at`);
  }

  async park(claim: Claim, reason: ParkedReason): Promise<void> {
    const now = this.#database.clock.now();
    await this.#settle(
      [claim],
      sql`update work set holder = null, ready_at = null, parked_at = ${now}, reason = ${JSON.stringify(reason)}`,
    );
  }

  async parked(filter: { stage?: Stage; prefix?: string } = {}): Promise<ParkedWork[]> {
    const rows = await this.#database.read.all(
      sql<
        Row<'work'>
      >`select * from work where parked_at is not null and ${matching(filter)} order by parked_at, stage, key`,
    );
    return rows.map(({ stage, key, parked_at, reason }) => ({
      stage: stage as Stage,
      key,
      at: parked_at ?? 0,
      reason: fromJson<ParkedReason>(reason ?? '{}'),
    }));
  }

  unpark(filter: WorkFilter): Promise<number> {
    const now = this.#database.clock.now();
    return this.#database.transaction(async (database) => {
      const back = await database.write((session) =>
        session.run(
          sql`update work set parked_at = null, reason = null, attempts = 0, marked_at = ${now}, ready_at = ${now} where parked_at is not null and ${matching(filter)}`,
        ),
      );
      if (back > 0) await database.announceWork();
      return back;
    });
  }

  drop(filter: WorkFilter): Promise<number> {
    return this.#database.write((session) =>
      session.run(sql`delete from work where parked_at is not null and ${matching(filter)}`),
    );
  }

  async counts(): Promise<Record<Stage, number>> {
    const rows = await this.#database.read.all(
      sql<{
        stage: Stage;
        dirty: number;
      }>`select stage, count(*) as dirty from work where ready_at is not null group by stage`,
    );
    const counts: Record<Stage, number> = { fetch: 0, normalize: 0, resolve: 0, attribute: 0, push: 0 };
    for (const { stage, dirty } of rows) counts[stage] = dirty;
    return counts;
  }

  async count(stage: Stage, prefix: string): Promise<number> {
    const [row] = await this.#database.read.all(
      sql<{
        dirty: number;
      }>`select count(*) as dirty from work where ready_at is not null and ${matching({ stage, prefix })}`,
    );
    return row?.dirty ?? 0;
  }

  async dirty(stage: Stage, keys: readonly string[]): Promise<Map<string, 'free' | 'claimed'>> {
    const { read } = this.#database;
    const rows = await read.all(
      sql<
        Pick<Row<'work'>, 'key' | 'holder'>
      >`select key, holder from work where ${matching({ stage })} and ready_at is not null and ${read.among('key', keys)}`,
    );
    return new Map(rows.map(({ key, holder }) => [key, holder === null ? 'free' : 'claimed']));
  }

  async nextDueAt(): Promise<number | null> {
    const earliest = stages.map((stage) => sql`select min(ready_at) as due from work where stage = ${stage}`);
    const [row] = await this.#database.read.all(
      sql<{
        due: number | null;
      }>`select min(due) as due from (${sql.join(earliest, sql` union all `)}) as stages`,
    );
    return row?.due ?? null;
  }

  onMark(listener: () => void): () => void {
    return this.#listen(listener);
  }

  /**
   * Ends claims that are still ours. Of a key that was marked meanwhile only the claim ends: it is ready again
   * since its mark, and what was to become of it concerned an older state.
   */
  async #settle(claims: readonly Claim[], change: RawBuilder<unknown>): Promise<void> {
    if (claims.length === 0) return;
    const { holder } = this.#database;
    await this.#database.write(async (session) => {
      const rows = claims.map(({ stage, key, version }) => [stage, key, version]);
      const claimed = session.dialect.rows(
        'claimed',
        { stage: 'text', key: 'text', version: 'integer' },
        rows,
      );
      const ours = sql`where holder = ${holder}`;
      await session.run(
        sql`${change} ${ours} and (stage, key, version) in (select stage, key, version from ${claimed})`,
      );
      await session.run(
        sql`update work set holder = null, ready_at = marked_at ${ours} and (stage, key) in (select stage, key from ${claimed})`,
      );
    });
  }
}
