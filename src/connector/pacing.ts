/** Keeps a connection within its allowances. One `Governor` per connection and process, shared by all runs. */
import type { Clock } from '../support/clock.ts';
import { type Answer, nameOf, type Send } from './call.ts';
import type { Limits } from './contract/limits.ts';
import { Fault } from './fault.ts';
import type { HttpResponse } from './http.ts';
import { Pool } from './pool.ts';

/** A spent day is asked about again, with a single call, after this time: vendors reset at their own hours. */
const probeEveryMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;

/** What is known of the day's allowance, from the vendor or by own count. */
interface Day {
  limit: number;
  used: number;
  since: number;
  /** When one call may go although nothing is left. */
  askAt: number;
}

export class Governor {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #pools = new Map<string, Pool>();
  readonly #calls = new Map<string, number>();
  #day: Day | null;

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
    const { daily } = limits;
    this.#day = daily === undefined ? null : { limit: daily, ...newDay(clock.now()) };
  }

  /** Calls made so far by rate pool, repeats included; `sign-in` for those that only fetched a token. */
  calls(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#calls);
  }

  count(pool: string): void {
    this.#calls.set(pool, (this.#calls.get(pool) ?? 0) + 1);
  }

  pool(name: string): Pool {
    const known = this.#pools.get(name);
    if (known !== undefined) return known;
    const limit = this.#limits.pools[name] ?? this.#limits.pools.default;
    const pool = new Pool(
      limit ?? { requests: 10, perMs: 1000, concurrency: 4 },
      this.#limits.reserve,
      this.#clock,
    );
    this.#pools.set(name, pool);
    return pool;
  }

  learn(answer: HttpResponse): void {
    const usage = this.#limits.usage?.(answer);
    if (usage?.window !== undefined) this.pool(usage.window.pool).learn(usage.window);
    const daily = usage?.daily;
    if (daily === undefined || !(daily.limit > 0 && daily.used >= 0)) return;
    const now = this.#clock.now();
    this.#day = { ...daily, since: now, askAt: now + probeEveryMs };
  }

  /** Takes one call from the day's allowance; a `throttled` fault when our share of it is spent. */
  spend(name: string): void {
    const day = this.#day;
    if (day === null) return;
    const now = this.#clock.now();
    if (now - day.since >= dayMs) Object.assign(day, newDay(now));
    const share = Math.floor(day.limit * (1 - this.#limits.reserve));
    if (day.used >= share && now < day.askAt) throw spent(name, day, share, day.askAt - now);
    if (day.used >= share) day.askAt = now + probeEveryMs;
    day.used += 1;
  }
}

export function pacing<A extends Answer>(governor: Governor, patienceMs: number, next: Send<A>): Send<A> {
  return async (call) => {
    const name = nameOf(call.request);
    const poolName = call.request.pool ?? 'default';
    const pool = governor.pool(poolName);
    refuseLongWait(name, pool.closedForMs(), patienceMs);
    governor.spend(name);
    await pool.enter(call.signal);
    try {
      governor.count(poolName);
      return await next(call);
    } catch (error) {
      if (error instanceof Fault && error.kind === 'throttled') pool.close(error.retryAfterMs ?? 0);
      throw error;
    } finally {
      pool.leave();
    }
  };
}

function newDay(now: number): Omit<Day, 'limit'> {
  return { used: 0, since: now, askAt: now + dayMs };
}

function refuseLongWait(name: string, waitMs: number, patienceMs: number): void {
  if (waitMs <= patienceMs) return;
  throw new Fault(
    'throttled',
    `${name}: not sent, because the vendor asked to wait longer than the hub's patience`,
    { retryAfterMs: waitMs, code: 'CLOSED', unsent: true },
  );
}

function spent(name: string, day: Day, share: number, retryAfterMs: number): Fault {
  return new Fault(
    'throttled',
    `${name}: not sent. ${day.used} of ${day.limit} calls of the day are used, and the hub leaves the rest above ` +
      `${share} to other apps. Wait for the allowance to recover, lower the reserve, or buy more calls.`,
    { retryAfterMs, code: 'DAILY_ALLOWANCE', unsent: true },
  );
}
