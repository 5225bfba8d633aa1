import type { Clock } from '../support/clock.ts';
import type { PoolLimit, Usage } from './contract/limits.ts';

/** What one pool may use of its allowance, the reserve for other apps already taken off. */
interface Allowance {
  readonly requests: number;
  readonly perMs: number;
  readonly concurrency: number;
}

interface Waiter {
  readonly cost: number;
  readonly start: () => void;
}

/**
 * One rate pool: never more than its share of requests begun in any window of `perMs`, never more than its
 * share in flight, first come first served. It sleeps only while somebody waits.
 */
export class Pool {
  readonly #clock: Clock;
  readonly #reserve: number;
  #allowance: Allowance;
  /** When the requests of the running window began, oldest first, each as often as it costs; other apps' are among them. */
  #starts: number[] = [];
  #inFlight = 0;
  #closedUntil = 0;
  /** What the clock said last. */
  #latest = 0;
  #queue: Waiter[] = [];
  #nap: AbortController | null = null;

  constructor(limit: PoolLimit, reserve: number, clock: Clock) {
    this.#clock = clock;
    this.#reserve = reserve;
    this.#allowance = afterReserve(limit, reserve);
  }

  /** Ms until the vendor lets the pool be used again; 0 when it is open. */
  closedForMs(): number {
    const now = this.#now();
    return Math.max(0, this.#closedUntil - now);
  }

  /** The vendor said "later": nobody of this pool goes before that. */
  close(ms: number): void {
    const now = this.#now();
    this.#closedUntil = Math.max(this.#closedUntil, now + ms);
  }

  /** Resolves when it is this request's turn; rejects with the signal's reason if that comes first. */
  enter(signal: AbortSignal, cost = 1): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue = this.#queue.filter((other) => other !== waiter);
        if (this.#queue.length === 0) this.#nap?.abort();
        reject(signal.reason);
      };
      const waiter = {
        cost,
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiter);
      this.#admit();
    });
  }

  leave(): void {
    this.#inFlight -= 1;
    this.#admit();
  }

  /** The vendor's own count: requests it saw beyond ours are other apps' and fill the window like ours. */
  learn(window: NonNullable<Usage['window']>): void {
    const { limit, remaining, perMs } = window;
    if (!(limit > 0 && remaining >= 0 && perMs > 0)) return;
    this.#allowance = { ...this.#allowance, ...share({ requests: limit, perMs }, this.#reserve) };
    const now = this.#now();
    const used = limit - remaining - (limit - this.#allowance.requests);
    for (let unseen = used - this.#used(now); unseen > 0; unseen -= 1) this.#starts.push(now);
  }

  #admit(): void {
    while (this.#nap === null && this.#inFlight < this.#allowance.concurrency) {
      const [next] = this.#queue;
      if (next === undefined) return;
      // What costs more than a whole window has one for itself.
      const cost = Math.min(next.cost, this.#allowance.requests);
      const wait = this.#waitMs(this.#now(), cost);
      if (wait > 0) this.#sleep(wait);
      else this.#begin(cost);
    }
  }

  #begin(cost: number): void {
    const now = this.#now();
    for (let unit = 0; unit < cost; unit += 1) this.#starts.push(now);
    this.#inFlight += 1;
    this.#queue.shift()?.start();
  }

  #sleep(ms: number): void {
    const nap = new AbortController();
    this.#nap = nap;
    const wake = () => {
      this.#nap = null;
      this.#admit();
    };
    this.#clock.sleep(ms, nap.signal).then(wake, wake);
  }

  #waitMs(now: number, cost: number): number {
    const { requests, perMs } = this.#allowance;
    const excess = this.#used(now) + cost - 1 - requests;
    const freedAt = excess < 0 ? now : (this.#starts[excess] ?? now) + perMs;
    return Math.max(freedAt, this.#closedUntil) - now;
  }

  /** Where the clock was put back, what was noted by it goes back with it: nobody waits until it has caught up. */
  #now(): number {
    const now = this.#clock.now();
    const back = this.#latest - now;
    this.#latest = now;
    if (back > 0) {
      this.#starts = this.#starts.map((start) => start - back);
      this.#closedUntil -= back;
    }
    return now;
  }

  #used(now: number): number {
    const since = now - this.#allowance.perMs;
    const first = this.#starts.findIndex((start) => start > since);
    this.#starts = first === -1 ? [] : first === 0 ? this.#starts : this.#starts.slice(first);
    return this.#starts.length;
  }
}

function share(limit: { readonly requests: number; readonly perMs: number }, reserve: number) {
  return { requests: Math.max(1, Math.floor(limit.requests * (1 - reserve))), perMs: limit.perMs };
}

function afterReserve(limit: PoolLimit, reserve: number): Allowance {
  return {
    ...share(limit, reserve),
    concurrency: Math.max(1, Math.floor(limit.concurrency * (1 - reserve))),
  };
}
