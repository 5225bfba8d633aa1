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
  /** Even numbers in [0, 1). */
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

/** The request never left: no vendor can have acted on it, so even a write may be sent again. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

export function retry<A extends Answer>(parts: RetryParts, next: Send<A>): Send<A> {
  return (call) =>
    repeating(
      parts,
      { name: nameOf(call.request), repeatable: isRepeatable(call.request), signal: call.signal },
      () => next(call),
    );
}

export interface Repeated {
  readonly name: string;
  readonly repeatable: boolean;
  readonly signal?: AbortSignal;
}

/** Runs `work` until it succeeds or its fault is final. Waits by the clock; cancelled by the signal. */
export async function repeating<T>(parts: RetryParts, what: Repeated, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    what.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const wait = error instanceof Fault ? waitBefore(parts.policy, error, attempt, what.repeatable) : null;
      if (!(error instanceof Fault) || wait === null) throw error;
      parts.log.info(
        { request: what.name, fault: error.kind, code: error.code, attempt, waitMs: wait },
        'waiting to repeat',
      );
      await parts.clock.sleep(wait, what.signal);
    }
  }
}

/** Ms to wait before the next attempt; null when there is to be none. */
function waitBefore(policy: RetryPolicy, fault: Fault, attempt: number, repeatable: boolean): number | null {
  const backoff = Math.min(policy.backoffMs * 2 ** (attempt - 1), policy.longestBackoffMs);
  if (fault.kind === 'throttled') {
    const wait = Math.ceil(fault.retryAfterMs ?? backoff);
    return attempt < policy.throttledAttempts && wait <= policy.patienceMs ? wait : null;
  }
  if (fault.kind === 'unavailable') {
    const harmless = repeatable || (fault.status === undefined && neverSent.has(fault.code ?? ''));
    const wait = Math.max(Math.round(backoff * policy.random()), fault.retryAfterMs ?? 0);
    return harmless && attempt < policy.unavailableAttempts && wait <= policy.patienceMs ? wait : null;
  }
  return null;
}
