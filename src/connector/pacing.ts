/** Keeps a connection within the allowances of its account. One `Governor` per connection and process. */
import type { Account } from './accounts.ts';
import { type Answer, nameOf, type Send } from './call.ts';
import type { Limits } from './contract/limits.ts';
import { Fault } from './fault.ts';
import type { HttpResponse } from './http.ts';
import type { Pool } from './pool.ts';

export class Governor {
  readonly #usage: Limits['usage'];
  readonly #account: Account;
  readonly #calls = new Map<string, number>();

  constructor(limits: Pick<Limits, 'usage'>, account: Account) {
    this.#usage = limits.usage;
    this.#account = account;
  }

  /** Calls made so far by rate pool, repeats included; `sign-in` for those that only fetched a token. */
  calls(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#calls);
  }

  count(pool: string): void {
    this.#calls.set(pool, (this.#calls.get(pool) ?? 0) + 1);
  }

  pool(name: string): Pool {
    return this.#account.pool(name);
  }

  learn(answer: HttpResponse): void {
    const usage = this.#usage?.(answer);
    if (usage?.window !== undefined) this.pool(usage.window.pool).learn(usage.window);
    if (usage?.daily !== undefined) this.#account.day.learn(usage.daily);
  }

  /** Takes from the day's allowance what a request costs; a `throttled` fault when our share of it is spent. */
  spend(name: string, cost: number): Promise<void> {
    return this.#account.day.take(name, cost);
  }

  /** Gives back what was taken from the day and not used. */
  settle(): Promise<void> {
    return this.#account.day.settle();
  }
}

export function pacing<A extends Answer>(governor: Governor, patienceMs: number, next: Send<A>): Send<A> {
  return async (call) => {
    const name = nameOf(call.request);
    const { pool: poolName = 'default', cost = 1 } = call.request;
    const pool = governor.pool(poolName);
    refuseLongWait(name, pool.closedForMs(), patienceMs);
    await governor.spend(name, cost);
    await pool.enter(call.signal, cost);
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

function refuseLongWait(name: string, waitMs: number, patienceMs: number): void {
  if (waitMs <= patienceMs) return;
  throw new Fault(
    'throttled',
    `${name}: not sent, because the vendor asked to wait longer than the hub's patience`,
    { retryAfterMs: waitMs, code: 'CLOSED', unsent: true },
  );
}
