/** The vendor's clock, as the Date headers of its answers tell it. The hub's own may be wrong, and may jump. */
import type { Clock } from '../support/clock.ts';
import type { Answer, Send } from './call.ts';

/** A Date header counts whole seconds. */
const second = 1_000;

/** By so much the time of an exchange may be taken for earlier than it was. */
export const clockErrorMs = second;

/** Vendors' servers differ by less; a time this far ahead of theirs was not taken from their clock. */
export const clockToleranceMs = 60_000;

export class VendorClock implements Pick<Clock, 'now'> {
  readonly #own: Pick<Clock, 'now'>;
  #ahead: number | null = null;

  constructor(own: Pick<Clock, 'now'>) {
    this.#own = own;
  }

  /** Not later than it is over there; the hub's own time before the first answer that tells. */
  now(): number {
    return this.#own.now() + (this.#ahead ?? 0);
  }

  /** By how many ms the hub's clock is ahead of the vendor's; null before the first answer that tells. */
  skew(): number | null {
    return this.#ahead === null ? null : 0 - this.#ahead;
  }

  /**
   * When the vendor was asked and when it answered, by its clock and not later than it was; undefined where the
   * answer does not tell.
   * Of all answers the one that took the least time on its way says best how far the clocks are apart; an
   * answer that cannot be reconciled with it means that the hub's clock was set anew.
   */
  learn(headers: Readonly<Record<string, string>>, sentAt: number): Exchange | undefined {
    const date = dateOf(headers);
    if (date === undefined) return undefined;
    const atLeast = date - this.#own.now();
    const atMost = date + second - sentAt;
    if (this.#ahead === null || atLeast > this.#ahead || atMost < this.#ahead) this.#ahead = atLeast;
    const askedAt = Math.min(date + second - 1, sentAt + this.#ahead);
    return { askedAt, servedAt: Math.max(date, askedAt) };
  }
}

/** One request and its answer, by the vendor's clock. */
export interface Exchange {
  readonly askedAt: number;
  readonly servedAt: number;
}

/** An answer out of a cache is as old as its Age says. */
function dateOf({ date, age }: Readonly<Record<string, string>>): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) || Number(age ?? 0) > 0 ? undefined : ms;
}

/** The layer that reads the vendor's clock off every answer, refusals too. */
export function dated<A extends Answer>(
  parts: { readonly clock: Pick<Clock, 'now'>; readonly vendorClock: VendorClock },
  next: Send<A>,
): Send<A> {
  return async (call) => {
    const sentAt = parts.clock.now();
    const answer = await next(call);
    return { ...answer, ...parts.vendorClock.learn(answer.headers, sentAt) };
  };
}
