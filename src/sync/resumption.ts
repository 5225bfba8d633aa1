/** When a vendor that keeps the hub waiting is asked again. */
import type { Rest } from '../connector/contract/reading.ts';
import type { Hub } from './hub.ts';

/** No vendor is asked more often than this how its job gets on, nor left alone for longer than that. */
const shortestMs = 1_000;
const longestMs = 3_600_000;

export interface Resumption {
  /** Continues "waits for". */
  readonly waitsFor: string;
  /** When to ask again, and when that was said, by the hub's clock, ms. */
  readonly resumeAt: number;
  readonly saidAt: number;
}

export function resumption({ waitsFor, resumeInMs }: Rest, now: number): Resumption {
  const wait = Math.min(longestMs, Math.max(shortestMs, resumeInMs));
  return { waitsFor, resumeAt: now + wait, saidAt: now };
}

/** In how many ms it is to be taken up. A clock that was put back makes nobody wait for longer than was said. */
export function resumesInMs(
  { clock }: Pick<Hub, 'clock'>,
  { saidAt, resumeAt }: Pick<Resumption, 'saidAt' | 'resumeAt'>,
): number {
  const now = clock.now();
  return now < saidAt ? 0 : Math.max(0, resumeAt - now);
}
