/** HubSpot's allowances: two rolling windows and the day. */
import type { Clock } from '../../../src/support/clock.ts';
import type { Knobs } from '../knobs.ts';
import { appId, portalId } from '../portal.ts';
import { Refusal } from '../state/refusal.ts';
import type { Bearer } from './sign-in.ts';

export type Pool = 'burst' | 'search';

const accountOffset = -5 * 3_600_000;
const day = 86_400_000;
const secondly = 1_000;
const tenSecondly = 10_000;

export class Allowances {
  readonly #clock: Clock;
  readonly #knobs: Knobs;
  readonly #burst: Window;
  readonly #search: Window;
  readonly #second: Window;
  #today = 0;
  #usedToday = 0;

  constructor(clock: Clock, knobs: Knobs) {
    this.#clock = clock;
    this.#knobs = knobs;
    this.#burst = new Window(knobs.burst, tenSecondly);
    this.#second = new Window(Math.ceil(knobs.burst / 10), secondly);
    this.#search = new Window(knobs.searchBurst, secondly);
  }

  /** Throws 429. A refused call uses nothing up. */
  use(pool: Pool): void {
    const now = this.#clock.now();
    this.#turnDay(now);
    if (this.#knobs.daily > 0 && this.#usedToday >= this.#knobs.daily) throw dailyLimit();
    if (pool === 'search' && this.#search.isFull(now)) throw searchLimit();
    if (pool === 'burst' && this.#burst.isFull(now)) throw burstLimit();
    this.#usedToday++;
    for (const window of pool === 'search' ? [this.#search] : [this.#burst, this.#second]) window.add(now);
  }

  /** Recorded search answers carry the daily pair alone; OAuth answers lack it. */
  headers(pool: Pool, bearer: Bearer): Record<string, string> {
    const { daily, burst } = this.#knobs;
    const left = Math.max(0, daily - this.#usedToday);
    const perDay = {
      'X-HubSpot-RateLimit-Daily': String(daily),
      'X-HubSpot-RateLimit-Daily-Remaining': String(left),
    };
    return {
      ...(bearer === 'private-app' && daily > 0 ? perDay : {}),
      ...(pool === 'burst' && burst > 0 ? this.#burstHeaders() : {}),
    };
  }

  #burstHeaders(): Record<string, string> {
    const now = this.#clock.now();
    return {
      'X-HubSpot-RateLimit-Interval-Milliseconds': String(tenSecondly),
      'X-HubSpot-RateLimit-Max': String(this.#knobs.burst),
      'X-HubSpot-RateLimit-Remaining': String(this.#burst.left(now)),
      'X-HubSpot-RateLimit-Secondly': String(Math.ceil(this.#knobs.burst / 10)),
      'X-HubSpot-RateLimit-Secondly-Remaining': String(this.#second.left(now)),
    };
  }

  /** The day ends at midnight of the account. */
  #turnDay(now: number): void {
    const today = Math.floor((now + accountOffset) / day);
    if (today !== this.#today) this.#usedToday = 0;
    this.#today = today;
  }
}

/** Calls within the last `span` ms. A limit of 0 is none. */
class Window {
  readonly #limit: number;
  readonly #span: number;
  #times: number[] = [];
  #oldest = 0;

  constructor(limit: number, span: number) {
    this.#limit = limit;
    this.#span = span;
  }

  isFull(now: number): boolean {
    return this.#limit > 0 && this.left(now) === 0;
  }

  left(now: number): number {
    while ((this.#times[this.#oldest] ?? now) <= now - this.#span) this.#oldest++;
    return Math.max(0, this.#limit - (this.#times.length - this.#oldest));
  }

  add(now: number): void {
    if (this.#limit === 0) return;
    this.#times.push(now);
    if (this.#oldest < 1_024) return;
    this.#times = this.#times.slice(this.#oldest);
    this.#oldest = 0;
  }
}

/** As recorded twelve times: no policy name, no Retry-After. */
export function searchLimit(): Refusal {
  return new Refusal(429, { message: 'You have reached your secondly limit.', category: 'RATE_LIMITS' });
}

export function burstLimit(): Refusal {
  return rateLimit(
    'You have reached your ten_secondly_rolling limit.',
    'TEN_SECONDLY_ROLLING',
    'ten-secondly',
  );
}

export function dailyLimit(): Refusal {
  return rateLimit('You have reached your daily limit.', 'DAILY', 'daily');
}

function rateLimit(message: string, policyName: string, group: string): Refusal {
  const groupName = `publicapi:private_app-api-calls-${group}:${appId}:${portalId}`;
  return new Refusal(429, { message, errorType: 'RATE_LIMIT', policyName, groupName });
}
