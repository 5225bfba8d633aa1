/** Locks that hold across processes and end by themselves when their holder dies. */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { iso } from '../../support/clock.ts';
import type { Log } from '../../support/log.ts';
import type { Held } from '../contract/connections.ts';
import type { Database } from '../database/database.ts';
import { Mutex } from '../database/mutex.ts';
import { namesOf, unknownProcess } from './holder-names.ts';

/** Waits that are shorter are nobody's concern. */
const quietMs = 2_000;

/** Leases are of minutes. */
const longestMs = 24 * 60 * 60_000;

export class Leases {
  readonly #database: Database;
  readonly #log: Log;
  readonly #mutex = new Map<string, Mutex>();

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  /**
   * Runs `work` if nobody holds the lease; null when it is held. Renewed at a third of its time; `work` is
   * told through the signal if the lease is lost all the same (the machine slept).
   */
  async tryHold<T>(
    name: string,
    ttlMs: number,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ readonly result: T } | null> {
    const holder = `${this.#database.holder}/${crypto.randomUUID()}`;
    if (!(await this.#acquire(name, holder, ttlMs))) return null;
    const ended = new AbortController();
    const lost = new AbortController();
    const renewing = this.#renew(name, holder, ttlMs, ended.signal).catch((error: unknown) =>
      lost.abort(error),
    );
    try {
      return { result: await work(lost.signal) };
    } finally {
      ended.abort();
      await renewing;
      await this.#release(name, holder);
    }
  }

  /** Waits for its turn: in this process in the order of asking, among processes by trying again. */
  async hold<T>(name: string, ttlMs: number, work: () => Promise<T>): Promise<T> {
    const mutex = this.#mutexOf(name);
    await mutex.acquire();
    try {
      const since = performance.now();
      let said = false;
      for (let wait = 5; ; wait = Math.min(wait * 2, 200)) {
        const done = await this.tryHold(name, ttlMs, work);
        if (done) return done.result;
        await pause(wait);
        if (!said && performance.now() - since > quietMs) {
          said = true;
          const held = await this.holderOf(name);
          if (held) this.#log.warn({ lease: name, until: iso(held.until ?? 0) }, `waiting for ${held.by}`);
        }
      }
    } finally {
      mutex.release();
    }
  }

  async holderOf(name: string): Promise<Held | null> {
    const { db } = this.#database.read;
    const lease = await db.selectFrom('lease').selectAll().where('name', '=', name).executeTakeFirst();
    if (!lease || lease.expires_at <= this.#database.clock.now()) return null;
    const [holder = ''] = lease.holder.split('/');
    const names = await namesOf(this.#database.read, [holder]);
    return { by: names.get(holder) ?? unknownProcess, until: lease.expires_at };
  }

  #mutexOf(name: string): Mutex {
    const known = this.#mutex.get(name) ?? new Mutex();
    this.#mutex.set(name, known);
    return known;
  }

  /** Also one that ends days from now: a clock that was ahead has taken it. */
  async #acquire(name: string, holder: string, ttlMs: number): Promise<boolean> {
    const now = this.#database.clock.now();
    const taken = await this.#database.write((session) =>
      session.run(sql`
        insert into lease (name, holder, expires_at) values (${name}, ${holder}, ${now + ttlMs})
        on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
        where lease.expires_at <= ${now} or lease.expires_at > ${now + longestMs}`),
    );
    return taken === 1;
  }

  /** Rejects when the lease has gone to somebody else; resolves when `ended` says so. */
  async #renew(name: string, holder: string, ttlMs: number, ended: AbortSignal): Promise<void> {
    for (;;) {
      await pause(ttlMs / 3, undefined, { signal: ended, ref: false }).catch(() => undefined);
      if (ended.aborted) return;
      const expiresAt = this.#database.clock.now() + ttlMs;
      const renewed = await this.#database.write((session) =>
        session.run(
          sql`update lease set expires_at = ${expiresAt} where name = ${name} and holder = ${holder}`,
        ),
      );
      if (renewed === 0) throw new Error(`The lease ${name} was lost: it ran out before it was renewed.`);
    }
  }

  async #release(name: string, holder: string): Promise<void> {
    await this.#database.write((session) =>
      session.run(sql`delete from lease where name = ${name} and holder = ${holder}`),
    );
  }
}
