/**
 * The day's allowance of an account. Calls are taken from a count that all processes and runs share, a block at a
 * time: what is taken counts at once, so that nobody spends what another is about to, and a process that is killed
 * costs the day a block at most. Where the vendor's answers tell what is used, that counts in its place.
 */
import type { Clock } from '../support/clock.ts';
import { dayIn } from '../support/zones.ts';
import type { DailyAllowance, Limits, Usage } from './contract/limits.ts';
import { Fault } from './fault.ts';

/** A day that the vendor's answers tell of is asked about again after this time: vendors reset at their own hours. */
const probeEveryMs = 15 * 60_000;
const dayMs = 24 * 60 * 60_000;
const largestBlock = 50;
/** Of a small allowance a block is no more than such a part. */
const blocksPerDay = 20;

/** The hub's own count. */
export interface CountedDay {
  /** When the day began, ms. */
  readonly since: number;
  /** Calls that were made, or taken to be made. */
  readonly used: number;
  /** When a call may go although nothing is left, ms. */
  readonly askAt?: number;
}

/** Where calls of a day are counted. Across processes: the store. */
export interface AllowanceBook {
  /**
   * Puts what `change` makes of what is kept of the account (null: nothing) in its place, while nobody else, in any
   * process, does so. `change` may be called again.
   */
  change(account: string, change: (kept: CountedDay | null) => CountedDay): Promise<CountedDay>;
}

export function memoryBook(): AllowanceBook {
  const days = new Map<string, CountedDay>();
  return {
    async change(account, change) {
      const day = change(days.get(account) ?? null);
      days.set(account, day);
      return day;
    },
  };
}

export interface DayParts {
  readonly account: string;
  readonly book: AllowanceBook;
  readonly clock: Clock;
}

/** What an answer told, and our calls since. */
interface ToldDay {
  readonly limit: number;
  used: number;
  readonly endsAt: number;
  askAt: number;
}

interface Refusal {
  readonly used: number;
  readonly limit: number;
  readonly share: number;
  readonly waitMs: number;
}

export class Day {
  readonly #parts: DayParts;
  #daily: DailyAllowance | undefined;
  #reserve = 0;
  /** Answers may tell how much of the day is used: worth a call now and then on a day that is spent. */
  #isTold = false;
  #told: ToldDay | null = null;
  /** Taken from the count and not made yet, of the day that began then. */
  #left = 0;
  #since = Number.NEGATIVE_INFINITY;
  #taking: Promise<Refusal | null> | null = null;

  constructor(parts: DayParts) {
    this.#parts = parts;
  }

  /** A connection of the account: the smaller allowance and the larger reserve count. */
  join({ daily, reserve, usage }: Limits): void {
    if (daily !== undefined && daily.calls < (this.#daily?.calls ?? Number.POSITIVE_INFINITY))
      this.#daily = daily;
    this.#reserve = Math.max(this.#reserve, reserve);
    this.#isTold ||= usage !== undefined;
  }

  learn({ limit, used }: NonNullable<Usage['daily']>): void {
    if (!(limit > 0 && used >= 0)) return;
    const now = this.#parts.clock.now();
    this.#told = { limit, used, endsAt: this.#endOf(now), askAt: now + probeEveryMs };
  }

  /** Takes what a request costs; throws a `throttled` fault when our share of the day is spent. */
  async take(name: string, cost: number): Promise<void> {
    const refusal = this.#takeTold(cost) ?? (await this.#takeCounted(cost));
    if (refusal !== null) throw spent(name, refusal);
  }

  /** Gives back what was taken and not used, and leaves what the vendor said. What cannot be kept harms nobody. */
  async settle(): Promise<void> {
    await this.#taking?.catch(() => null);
    const [left, since, told] = [this.#left, this.#since, this.#told];
    this.#left = 0;
    if (left === 0 && (told === null || this.#daily === undefined)) return;
    const { account, book } = this.#parts;
    const giveBack = (kept: CountedDay | null) => {
      if (kept === null || kept.since !== since) return kept ?? { since, used: 0 };
      return { ...kept, used: told?.used ?? Math.max(0, kept.used - left) };
    };
    await book.change(account, giveBack).catch(() => null);
  }

  #takeTold(cost: number): Refusal | null {
    const now = this.#parts.clock.now();
    const told = this.#told;
    if (told === null) return null;
    if (now >= told.endsAt) {
      this.#told = null;
      return null;
    }
    const share = this.#shareOf(told.limit);
    if (told.used + cost > share && now < told.askAt) return { ...told, share, waitMs: told.askAt - now };
    if (told.used + cost > share) told.askAt = now + probeEveryMs;
    told.used += cost;
    return null;
  }

  async #takeCounted(cost: number): Promise<Refusal | null> {
    const daily = this.#daily;
    if (daily === undefined) return null;
    for (;;) {
      if (this.#left >= cost && this.#parts.clock.now() < this.#endOf(this.#since)) {
        this.#left -= cost;
        return null;
      }
      this.#taking ??= this.#takeBlock(daily, cost).finally(() => {
        this.#taking = null;
      });
      const refusal = await this.#taking;
      if (refusal !== null) return refusal;
    }
  }

  /** Takes a block, or a single request where no more is left; else says why not. */
  async #takeBlock(daily: DailyAllowance, cost: number): Promise<Refusal | null> {
    const { account, book, clock } = this.#parts;
    const share = this.#shareOf(daily.calls);
    const block = Math.max(cost, Math.min(largestBlock, Math.floor(share / blocksPerDay)));
    let granted = 0;
    const { since, used, askAt } = await book.change(account, (kept) => {
      const now = clock.now();
      const day = this.#current(kept, now);
      // What the vendor says is used holds our own calls, too.
      const before = this.#told?.used ?? day.used;
      const free = this.#told === null ? share - before : block;
      const { since, askAt = now + probeEveryMs } = day;
      const mayAsk = this.#isTold && now >= askAt;
      granted = free >= cost ? Math.min(block, free) : mayAsk ? cost : 0;
      const used = before + granted;
      if (free >= cost || !this.#isTold) return { since, used };
      return { since, used, askAt: mayAsk ? now + probeEveryMs : askAt };
    });
    if (granted === 0) {
      const until = askAt ?? this.#endOf(since);
      return { used, limit: daily.calls, share, waitMs: Math.max(1, until - clock.now()) };
    }
    if (since !== this.#since) this.#left = 0;
    this.#left += granted;
    this.#since = since;
    return null;
  }

  /** The day that is kept, as long as it lasts; one that lies ahead was begun by a clock that was wrong. */
  #current(kept: CountedDay | null, now: number): CountedDay {
    const { zone } = this.#daily ?? {};
    const began = zone === undefined ? now : dayIn(zone, now).start;
    if (kept === null || now >= this.#endOf(kept.since)) return { since: began, used: 0 };
    return kept.since > now ? { ...kept, since: began } : kept;
  }

  #endOf(at: number): number {
    const { zone } = this.#daily ?? {};
    return zone === undefined || !Number.isFinite(at) ? at + dayMs : dayIn(zone, at).end;
  }

  #shareOf(limit: number): number {
    return Math.floor(limit * (1 - this.#reserve));
  }
}

function spent(name: string, { used, limit, share, waitMs }: Refusal): Fault {
  return new Fault(
    'throttled',
    `${name}: not sent. ${used} of ${limit} calls of the day are used, and the hub leaves the rest above ` +
      `${share} to other apps. Wait for the allowance to recover, lower the reserve, or buy more calls.`,
    { retryAfterMs: waitMs, code: 'DAILY_ALLOWANCE', unsent: true },
  );
}
