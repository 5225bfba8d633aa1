/**
 * The set of dirty keys. `ready_at` says it all: a mark makes a key ready at once, a claim moves it to the end
 * of the lease (so a claim that its holder never ends lapses by itself), a retry to its due time, parking to
 * never (null).
 */
import { type RawBuilder, sql } from 'kysely';
import type { Held } from '../contract/connections.ts';
import {
  type Claim,
  type Narrow,
  type ParkedReason,
  type ParkedWork,
  type Stage,
  stages,
  type WorkSet,
} from '../contract/work.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import type { Row } from '../database/tables.ts';
import { namesOf, unknownProcess } from '../hub/holder-names.ts';
import { bringBack, lookEveryMs } from './ahead.ts';
import { arrivals, firstArrival, markArrivals } from './arrivals.ts';
import { readyKeys } from './fair-claim.ts';
import { causeOf, dueLanes } from './lanes.ts';
import { markKeys } from './mark.ts';
import { matching, type WorkFilter } from './work-filter.ts';

/** The last time that there is a date for. */
const endOfTime = 8.64e15;
const arrivalsMs = 1_000;

export class SqlWorkSet implements WorkSet {
  readonly #database: Database;
  readonly #listen: (listener: () => void) => () => void;
  /** Claims that ended while the database did not answer. */
  readonly #unsettled: Claim[] = [];
  /** When the inbox was last looked through, on the process's own clock. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** When a stage was last looked through for what a wrong clock has put off, on the process's own clock. */
  readonly #lookedAhead = new Map<Stage, number>();

  constructor(database: Database, listen: (listener: () => void) => () => void) {
    this.#database = database;
    this.#listen = listen;
  }

  async mark(stage: Stage, keys: readonly string[], dueAt?: number): Promise<void> {
    if (keys.length === 0) return;
    await this.#database.transaction(async (database) => {
      const { clock, cause } = database;
      await database.write((session) =>
        markKeys(session, { stage, keys, dueAt: dueAt ?? clock.now(), cause }),
      );
      await database.announceWork();
    });
  }

  async claim(stage: Stage, limit: number, leaseMs: number, narrow: Narrow = {}): Promise<Claim[]> {
    const { clock, holder } = this.#database;
    await this.release(this.#unsettled.splice(0));
    return this.#database.write(async (session) => {
      const now = clock.now();
      const claiming = { stage, ...narrow, limit, now };
      if (this.#looksAhead(stage)) await bringBack(session, stage, now);
      let ready = await readyKeys(session, claiming);
      if (stage === 'inbox' && this.#looksForArrivals(ready.length < limit)) {
        if ((await markArrivals(session, now)) > 0) ready = await readyKeys(session, claiming);
      }
      if (ready.length === 0) return [];
      const keys = ready.map(({ key }) => key);
      const readyAt = Math.min(now + leaseMs, endOfTime);
      await session.run(
        sql`update work set holder = ${holder}, ready_at = ${readyAt} where stage = ${stage} and ${session.among('key', keys)}`,
      );
      return ready.map(({ key, version, attempts, marked_at, cause }) => ({
        ...{ stage, key, version, attempts },
        markedAt: marked_at,
        cause: causeOf(stage, key, cause),
      }));
    });
  }

  causes(stage: Stage, prefix?: string): Promise<string[]> {
    return dueLanes(this.#database.read, { stage, prefix }, this.#database.clock.now());
  }

  #looksAhead(stage: Stage): boolean {
    const now = performance.now();
    if (now - (this.#lookedAhead.get(stage) ?? Number.NEGATIVE_INFINITY) < lookEveryMs) return false;
    this.#lookedAhead.set(stage, now);
    return true;
  }

  /** While there is more than enough to do, now and then is enough: arrivals of another connection get their share. */
  #looksForArrivals(hasRoom: boolean): boolean {
    const now = performance.now();
    if (!hasRoom && now - this.#lookedAt < arrivalsMs) return false;
    this.#lookedAt = now;
    return true;
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

  async postpone(claims: readonly Claim[], dueAt: number): Promise<void> {
    await this.#settle(claims, sql`update work set holder = null, attempts = 0, ready_at = ${dueAt}`);
  }

  async rest(claims: readonly Claim[], dueAt: number): Promise<void> {
    await this.#settle(claims, sql`update work set holder = null, ready_at = ${dueAt}`);
  }

  async wake(stage: Stage, keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const now = this.#database.clock.now();
    await this.#database.transaction(async (database) => {
      await database.write((session) =>
        session.run(
          sql`update work set ready_at = ${now} where stage = ${stage} and holder is null and ready_at > ${now} and ${session.among('key', keys)}`,
        ),
      );
      await database.announceWork();
    });
  }

  async overdue(filter?: { stage: Stage; prefix: string }): Promise<number> {
    const now = this.#database.clock.now();
    const arrived = filter && filter.stage !== 'inbox' ? sql.lit(0) : arrivals(filter?.prefix);
    const [row] = await this.#database.read.all(
      sql<{
        number: number;
      }>`select count(*) + ${arrived} as number from work where ready_at is not null and ${matching(filter ?? {})} and (ready_at <= ${now} or holder is not null or attempts > 0)`,
    );
    return row?.number ?? 0;
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
      const back = await database.write(async (session) => {
        // Somebody says that it is mended: what was refused may be sent again.
        await session.run(
          sql`delete from refusal where key in (select key from work where parked_at is not null and ${matching(filter)})`,
        );
        return session.run(
          sql`update work set parked_at = null, reason = null, attempts = 0, marked_at = ${now}, ready_at = ${now} where parked_at is not null and ${matching(filter)}`,
        );
      });
      if (back > 0) await database.announceWork();
      return back;
    });
  }

  drop(filter: WorkFilter): Promise<number> {
    return this.#database.write(async (session) => {
      const given = sql`parked_at is not null and ${matching(filter)}`;
      // A delivery lives as long as its mark.
      await session.run(
        sql`delete from inbox where key in (select key from work where stage = 'inbox' and ${given})`,
      );
      return session.run(sql`delete from work where ${given}`);
    });
  }

  async counts(): Promise<Record<Stage, number>> {
    const rows = await this.#database.read.all(
      sql<{
        stage: Stage;
        dirty: number;
      }>`select stage, count(*) as dirty from work where ready_at is not null group by stage union all select 'inbox', ${arrivals()}`,
    );
    const counts: Record<Stage, number> = {
      inbox: 0,
      fetch: 0,
      normalize: 0,
      resolve: 0,
      attribute: 0,
      push: 0,
    };
    for (const { stage, dirty } of rows) counts[stage] += dirty;
    return counts;
  }

  async count(stage: Stage, prefix: string): Promise<number> {
    const arrived = stage === 'inbox' ? arrivals(prefix) : sql.lit(0);
    const [row] = await this.#database.read.all(
      sql<{
        dirty: number;
      }>`select count(*) + ${arrived} as dirty from work where ready_at is not null and ${matching({ stage, prefix })}`,
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

  async heldByOthers(): Promise<(Held & { keys: number })[]> {
    const { read, holder } = this.#database;
    const rows = await read.all(
      sql<{ by: string; keys: number; until: number }>`
        select work.holder as by, count(*) as keys, max(work.ready_at) as until from work
        where work.holder is not null and work.holder <> ${holder} group by work.holder order by work.holder`,
    );
    const names = await namesOf(
      read,
      rows.map(({ by }) => by),
    );
    return rows.map(({ by, keys, until }) => ({
      by: names.get(by) ?? unknownProcess,
      keys,
      until: until >= endOfTime ? null : until,
    }));
  }

  async nextDueAt(): Promise<number | null> {
    const marked = stages.map((stage) => sql`select min(ready_at) as due from work where stage = ${stage}`);
    const earliest = [...marked, sql`select ${firstArrival} as due`];
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
    try {
      await this.#end(claims, change);
    } catch (error) {
      // A claim for life would else last as long as this process.
      this.#unsettled.push(...claims);
      throw error;
    }
  }

  async #end(claims: readonly Claim[], change: RawBuilder<unknown>): Promise<void> {
    const { holder } = this.#database;
    await this.#database.write(async (session) => {
      const rows = claims.map(({ stage, key, version }) => [stage, key, version]);
      const claimed = session.dialect.rows(
        'claimed',
        { stage: 'text', key: 'text', version: 'integer' },
        rows,
      );
      const ours = sql`where holder = ${holder}`;
      const ended = await session.run(
        sql`${change} ${ours} and (stage, key, version) in (select stage, key, version from ${claimed})`,
      );
      // None was marked meanwhile.
      if (ended === claims.length) return;
      await session.run(
        sql`update work set holder = null, ready_at = marked_at ${ours} and (stage, key) in (select stage, key from ${claimed})`,
      );
    });
  }
}
