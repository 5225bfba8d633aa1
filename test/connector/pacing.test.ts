import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Accounts } from '../../src/connector/accounts.ts';
import type { Limits } from '../../src/connector/contract/limits.ts';
import { Pool } from '../../src/connector/pool.ts';
import { failure, faultOf, open, recordingClock } from './connection.ts';
import { json, serve } from './server.ts';

const never = new AbortController().signal;
const read = { method: 'GET', url: '/records' } as const;

/** Begins `count` requests that end at once; when each began. */
async function begun(pool: Pool, clock: { now(): number }, count: number): Promise<number[]> {
  const starts: number[] = [];
  const one = async () => {
    await pool.enter(never);
    starts.push(clock.now());
    pool.leave();
  };
  await Promise.all(Array.from({ length: count }, one));
  return starts;
}

/** The most starts in any window of `perMs`. */
function densest(starts: readonly number[], perMs: number): number {
  return Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + perMs).length));
}

describe('a rate pool', () => {
  it('never begins more than its share in any window, and wastes nothing of it', async () => {
    const limits = { requests: fc.integer({ min: 1, max: 20 }), perMs: fc.integer({ min: 1, max: 5000 }) };
    await fc.assert(
      fc.asyncProperty(
        fc.record(limits),
        fc.integer({ min: 1, max: 60 }),
        async ({ requests, perMs }, count) => {
          const clock = recordingClock(0);
          const starts = await begun(new Pool({ requests, perMs, concurrency: 3 }, 0, clock), clock, count);
          expect(starts).toHaveLength(count);
          expect(densest(starts, perMs)).toBeLessThanOrEqual(requests);
          expect(clock.now()).toBe(Math.floor((count - 1) / requests) * perMs);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('waits no longer when the clock is put back meanwhile', async () => {
    let now = 10_000_000;
    const naps: number[] = [];
    const sleep = async (ms: number) => {
      naps.push(ms);
      now += ms;
    };
    const clock = { now: () => now, sleep };
    const pool = new Pool({ requests: 2, perMs: 1000, concurrency: 9 }, 0, clock);
    await begun(pool, clock, 2);
    now -= 3_600_000;
    await begun(pool, clock, 2);
    expect(naps).toEqual([1000]);
    pool.close(5_000);
    now -= 3_600_000;
    expect(pool.closedForMs()).toBe(5_000);
    await begun(pool, clock, 1);
    expect(naps).toEqual([1000, 5_000]);
  });

  it('leaves the reserve to other apps', async () => {
    const clock = recordingClock(0);
    const starts = await begun(
      new Pool({ requests: 10, perMs: 1000, concurrency: 9 }, 0.3, clock),
      clock,
      14,
    );
    expect(densest(starts, 1000)).toBe(7);
  });

  it('leaves a share of what may be in flight to other apps as well', async () => {
    const pool = new Pool({ requests: 1000, perMs: 1000, concurrency: 4 }, 0.5, recordingClock());
    const begun: number[] = [];
    for (const n of [1, 2, 3]) void pool.enter(never).then(() => begun.push(n));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toEqual([1, 2]);
  });

  it('does not stay awake when nobody waits any more', async () => {
    const naps: (AbortSignal | undefined)[] = [];
    const sleep = (_: number, signal?: AbortSignal) => {
      naps.push(signal);
      return new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    };
    const pool = new Pool({ requests: 1, perMs: 1000, concurrency: 2 }, 0, { now: () => 0, sleep });
    const cancel = new AbortController();
    await pool.enter(never);
    const waiting = failure(pool.enter(cancel.signal));
    cancel.abort(new Error('stopped'));
    await waiting;
    expect(naps.map((nap) => nap?.aborted)).toEqual([true]);
  });

  it('has no more in flight than allowed, first come first served', async () => {
    const pool = new Pool({ requests: 1000, perMs: 1000, concurrency: 2 }, 0, recordingClock());
    const order: number[] = [];
    const waiting = [0, 1, 2, 3, 4].map((index) => pool.enter(never).then(() => order.push(index)));
    await Promise.all(waiting.slice(0, 2));
    expect(order).toEqual([0, 1]);
    for (const next of [2, 3, 4]) {
      pool.leave();
      await waiting[next];
    }
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  it('forgets those who were cancelled while they waited', async () => {
    const pool = new Pool({ requests: 1000, perMs: 1000, concurrency: 1 }, 0, recordingClock());
    const cancel = new AbortController();
    await pool.enter(never);
    const cancelled = failure(pool.enter(cancel.signal));
    const next = pool.enter(never);
    cancel.abort(new Error('stopped'));
    expect(await cancelled).toMatchObject({ message: 'stopped' });
    pool.leave();
    await expect(next).resolves.toBeUndefined();
  });

  it('counts what the vendor saw of other apps', async () => {
    const clock = recordingClock(0);
    const pool = new Pool({ requests: 10, perMs: 1000, concurrency: 10 }, 0, clock);
    pool.learn({ pool: 'default', limit: 10, remaining: 4, perMs: 1000 });
    const starts = await begun(pool, clock, 6);
    expect(starts.filter((at) => at === 0)).toHaveLength(4);
    expect(starts.filter((at) => at === 1000)).toHaveLength(2);
  });

  it('takes no offence at its own calls in the vendor’s count, nor at others within the reserve', async () => {
    const clock = recordingClock(0);
    const pool = new Pool({ requests: 10, perMs: 1000, concurrency: 10 }, 0.2, clock);
    await begun(pool, clock, 5);
    pool.learn({ pool: 'default', limit: 10, remaining: 3, perMs: 1000 });
    expect(await begun(pool, clock, 3)).toEqual([0, 0, 0]);
  });

  it('learns the size of the window that the customer’s plan gives', async () => {
    const clock = recordingClock(0);
    const pool = new Pool({ requests: 10, perMs: 1000, concurrency: 50 }, 0, clock);
    pool.learn({ pool: 'default', limit: 20, remaining: 20, perMs: 500 });
    expect(await begun(pool, clock, 20)).toEqual(Array(20).fill(0));
  });

  it('does not believe nonsense', async () => {
    const clock = recordingClock(0);
    const pool = new Pool({ requests: 10, perMs: 1000, concurrency: 10 }, 0, clock);
    pool.learn({ pool: 'default', limit: Number.NaN, remaining: Number.NaN, perMs: Number.NaN });
    pool.learn({ pool: 'default', limit: 0, remaining: -5, perMs: 0 });
    expect(densest(await begun(pool, clock, 20), 1000)).toBe(10);
  });
});

describe('pacing of a connection', () => {
  const limits = (limit: Partial<Limits>): Limits => ({
    pools: { default: { requests: 1000, perMs: 1000, concurrency: 10 } },
    reserve: 0,
    ...limit,
  });

  it('holds the whole pool back when the vendor says "later" to one of its requests', async () => {
    const server = await serve((_, response, count) =>
      json(response, {}, count === 1 ? 429 : 200, { 'retry-after': '5' }),
    );
    const connection = open(server.url, { limits: limits({}) }, { retry: { throttledAttempts: 1 } });
    const before = connection.clock.now();
    await faultOf(connection.http.send(read));
    await connection.http.send(read);
    expect(connection.clock.now() - before).toBe(5000);
  });

  it('sends nothing while the vendor wants to be left alone for longer than the patience', async () => {
    const server = await serve((_, response) => json(response, {}, 429, { 'retry-after': '3600' }));
    const connection = open(server.url, { limits: limits({}) });
    await faultOf(connection.http.send(read));
    const fault = await faultOf(connection.http.send(read));
    expect(fault).toMatchObject({ kind: 'throttled', retryAfterMs: 3_600_000 });
    expect(server.seen).toHaveLength(1);
  });

  it('stops before the day’s allowance is spent, says what to do, and asks again later with one call', async () => {
    const server = await serve((_, response) => json(response, {}));
    const usage = () => ({ daily: { limit: 1000, used: server.seen.length + 898 } });
    const connection = open(server.url, { limits: limits({ reserve: 0.1, usage }) });
    await connection.http.send(read);
    await connection.http.send(read);
    const fault = await faultOf(connection.http.send(read));
    expect(fault).toMatchObject({ kind: 'throttled', code: 'DAILY_ALLOWANCE', retryAfterMs: 900_000 });
    expect(fault.message).toContain('lower the reserve');
    connection.clock.advance(900_000);
    const later = await Promise.allSettled([connection.http.send(read), connection.http.send(read)]);
    expect(later.map((result) => result.status)).toEqual(['fulfilled', 'rejected']);
    expect(server.seen).toHaveLength(3);
  });

  it('counts the day itself where the vendor does not tell', async () => {
    const server = await serve((_, response) => json(response, {}));
    const connection = open(server.url, { limits: limits({ daily: { calls: 3 } }) });
    for (let index = 0; index < 3; index += 1) await connection.http.send(read);
    expect((await faultOf(connection.http.send(read))).code).toBe('DAILY_ALLOWANCE');
    connection.clock.advance(24 * 60 * 60_000);
    for (let index = 0; index < 3; index += 1) await connection.http.send(read);
    expect((await faultOf(connection.http.send(read))).code).toBe('DAILY_ALLOWANCE');
    expect(server.seen).toHaveLength(6);
  });

  it('gives a place free again, however the request ended', async () => {
    const server = await serve((_, response, count) => json(response, {}, count % 2 === 0 ? 200 : 400));
    const pools = { default: { requests: 1000, perMs: 1000, concurrency: 1 } };
    const connection = open(server.url, { limits: limits({ pools }) });
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => connection.http.send(read)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('counts every call by its pool, repeats too', async () => {
    const server = await serve((_, response, count) => json(response, {}, count === 1 ? 503 : 200));
    const { http, governor } = open(server.url);
    await http.send(read);
    await http.send({ ...read, pool: 'search' });
    expect(governor.calls()).toEqual({ default: 2, search: 1 });
  });

  it('shares the rate among connections of one account, the least that they say of it, and counts each one’s calls', async () => {
    const server = await serve((_, response) => json(response, {}));
    const clock = recordingClock();
    const accounts = new Accounts(clock);
    const one = (connection: string, reserve: number, account?: string) => {
      const own = limits({ pools: { default: { requests: 4, perMs: 1000, concurrency: 4 } }, reserve });
      return open(
        server.url,
        { limits: { ...own, ...(account === undefined ? {} : { account }) } },
        { connection, accounts, clock },
      );
    };
    const [first, second, other] = [one('a', 0, 'acme'), one('b', 0.5, 'acme'), one('c', 0)];
    for (const { http } of [first, second, other, other]) await http.send(read);
    expect(clock.waits).toEqual([]);
    await first.http.send(read);
    expect(clock.waits).toEqual([1000]);
    expect([first, second, other].map(({ governor }) => governor.calls().default)).toEqual([2, 1, 2]);
  });

  it('takes from the rate and from the day what a request costs', async () => {
    const server = await serve((_, response) => json(response, {}));
    const pools = { default: { requests: 10, perMs: 1000, concurrency: 10 } };
    const { http, clock } = open(server.url, { limits: limits({ pools, daily: { calls: 40 } }) });
    await http.send({ ...read, cost: 7 });
    await http.send({ ...read, cost: 3 });
    expect(clock.waits).toEqual([]);
    await http.send({ ...read, cost: 4 });
    expect(clock.waits).toEqual([1000]);
    await http.send({ ...read, cost: 25 });
    expect(clock.waits).toEqual([1000, 1000]);
    expect((await faultOf(http.send({ ...read, cost: 2 }))).code).toBe('DAILY_ALLOWANCE');
    await http.send(read);
    expect((await faultOf(http.send(read))).code).toBe('DAILY_ALLOWANCE');
  });
});
