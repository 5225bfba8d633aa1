import type { Fault } from '../connector/fault.ts';

/** How long to leave work alone after a fault: as the vendor says, else doubling from a second to a minute. */
export function backoff(fault: Fault, attempts: number): number {
  return fault.retryAfterMs ?? Math.min(60_000, 1_000 * 2 ** attempts);
}
