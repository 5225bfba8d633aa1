/** Checks of signed webhooks: every comparison takes the same time wherever the difference is. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { iso } from '../support/clock.ts';

export interface Signed {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly secret: string;
  /** Exactly the bytes that the sender signed, in its order. */
  readonly content: readonly (string | Uint8Array)[];
  readonly encoding: 'hex' | 'base64' | 'base64url';
}

export function hmac(signed: Signed): string {
  const mac = createHmac(signed.algorithm, signed.secret);
  for (const part of signed.content) mac.update(part);
  return mac.digest(signed.encoding);
}

/** True when `signature` is the one that `signed` gives. Never throws; an empty secret matches nothing. */
export function hmacMatches(signed: Signed, signature: string | undefined): boolean {
  if (signature === undefined || signature === '' || signed.secret === '') return false;
  return sameText(hmac(signed), signature);
}

/** Compares without telling by its time how much is alike, nor how long the expected text is. */
export function sameText(expected: string, given: string): boolean {
  return timingSafeEqual(digest(expected), digest(given));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * True when `stamp` (ms) is at most `windowMs` old. Clocks differ, so a stamp may be that far ahead as well;
 * one that is not a number is refused.
 */
export function isRecent(stamp: number, now: number, windowMs: number): boolean {
  return Math.abs(now - stamp) <= windowMs;
}

/** Why a signature of that time is refused: it was sent again by somebody, or a clock is wrong, and by how much. */
export function wrongTime(stamp: number, now: number): string {
  const seconds = Math.round(Math.abs(now - stamp) / 1_000);
  const apart = seconds < 120 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
  return (
    `signed ${apart} ${stamp > now ? 'ahead of' : 'behind'} the hub's clock (${iso(now)}): ` +
    'sent again, or a clock is wrong. If it is so with every delivery, set the clock of this machine (NTP).'
  );
}
