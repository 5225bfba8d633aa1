/** The outermost layer: repeats what may be repeated, as long as the fault's kind and patience allow. */
import type { Clock } from '../support/clock.ts';
import type { Log } from '../support/log.ts';
import { type Answer, isRepeatable, nameOf, type Send } from './call.ts';
import { Fault } from './fault.ts';

export interface RetryPolicy {
  /** How often one request is sent at most when the vendor says "later". */
  readonly throttledAttempts: number;
  /** How often one request is sent at most when answers are lost or the vendor is down. */
  readonly unavailableAttempts: number;
  /** First and longest back-off, ms. The wait is drawn evenly from zero to the back-off (full jitter). */
  readonly backoffMs: number;
  readonly longestBackoffMs: number;
  /** A vendor who asks for more than this is not waited for: the fault surfaces with its time. */
  readonly patienceMs: number;
  /** Evenly drawn from [0, 1). */
  random(): number;
}

export const defaultRetryPolicy: RetryPolicy = {
  throttledAttempts: 8,
  unavailableAttempts: 5,
  backoffMs: 500,
  longestBackoffMs: 30_000,
  patienceMs: 120_000,
  random: Math.random,
};

export interface RetryParts {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

export function retry<A extends Answer>(parts: RetryParts, next: Send<A>): Send<A> {
  const { policy, clock, log } = parts;
  return async (call) => {
    for (let attempt = 1; ; attempt += 1) {
      call.signal.throwIfAborted();
      try {
        return await next(call);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        const waitMs = waitBefore(policy, error, attempt, isRepeatable(call.request));
        if (waitMs === null) throw error;
        const { kind: fault, code, status } = error;
        log.info({ request: nameOf(call.request), fault, code, status, attempt, waitMs }, 'waits to repeat');
        await clock.sleep(waitMs, call.signal);
      }
    }
  };
}

/** Ms to wait before the next attempt; null when there is to be none. */
function waitBefore(policy: RetryPolicy, fault: Fault, attempt: number, repeatable: boolean): number | null {
  const attempts = attemptsFor(policy, fault, repeatable);
  if (attempt >= attempts) return null;
  const backoff = Math.min(policy.backoffMs * 2 ** (attempt - 1), policy.longestBackoffMs);
  const wait = Math.max(Math.ceil(backoff * policy.random()), Math.ceil(fault.retryAfterMs ?? 0));
  return wait <= policy.patienceMs ? wait : null;
}

/** A lost answer to a write that is not repeatable stays lost: a second record is worse than a parked one. */
function attemptsFor(policy: RetryPolicy, fault: Fault, repeatable: boolean): number {
  if (fault.kind === 'throttled') return policy.throttledAttempts;
  if (fault.kind === 'unavailable' && (repeatable || fault.unsent)) return policy.unavailableAttempts;
  return 1;
}
