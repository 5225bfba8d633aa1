/** The org's allowance of API calls: so many per rolling 24 hours, so many at once. */
import type { Clock } from '../../../src/support/clock.ts';
import { ApiError } from '../errors.ts';
import type { Knobs } from '../knobs.ts';

export interface Usage {
  readonly used: number;
  readonly limit: number;
  /** Counts a call, or throws when the allowance is spent. */
  spend(): void;
  /** Throws when too many calls are in flight already. */
  enter(): void;
  leave(): void;
}

const hour = 60 * 60 * 1000;

/** Calls are forgotten by the hour, 24 hours after. */
export function createUsage(clock: Clock, knobs: Knobs): Usage {
  const hours = new Map<number, number>();
  let inFlight = 0;
  const used = () => {
    const oldest = Math.floor(clock.now() / hour) - 24;
    for (const at of hours.keys()) if (at <= oldest) hours.delete(at);
    return [...hours.values()].reduce((sum, count) => sum + count, 0);
  };
  return {
    get used() {
      return used();
    },
    limit: knobs.dailyRequests,
    spend() {
      if (used() >= knobs.dailyRequests) throw dailyLimit();
      const at = Math.floor(clock.now() / hour);
      hours.set(at, (hours.get(at) ?? 0) + 1);
    },
    enter() {
      if (inFlight >= knobs.concurrentRequests) throw concurrentLimit();
      inFlight++;
    },
    leave() {
      inFlight--;
    },
  };
}

/** A 403, never a 429, and without Retry-After. */
export function dailyLimit(): ApiError {
  return new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
}

export function concurrentLimit(): ApiError {
  return new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.');
}
