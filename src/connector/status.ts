import { Fault, type FaultKind } from './fault.ts';

const kinds: readonly { readonly from: number; readonly to: number; readonly kind: FaultKind }[] = [
  { from: 401, to: 401, kind: 'unauthorized' },
  { from: 403, to: 403, kind: 'unauthorized' },
  { from: 408, to: 408, kind: 'unavailable' },
  { from: 409, to: 409, kind: 'conflict' },
  { from: 412, to: 412, kind: 'conflict' },
  { from: 425, to: 425, kind: 'unavailable' },
  { from: 429, to: 429, kind: 'throttled' },
  { from: 300, to: 499, kind: 'rejected' },
  { from: 500, to: 599, kind: 'unavailable' },
];

/**
 * What a bare HTTP status means when the body says nothing a connector can read; null for 1xx and 2xx.
 * `name` is how the message names the request; `now` is the vendor's time, as `fault` is told it.
 */
export function faultOfStatus(
  name: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  now: number,
): Fault | null {
  if (status < 300) return null;
  const kind = kinds.find(({ from, to }) => status >= from && status <= to)?.kind ?? 'unavailable';
  const retryAfterMs = retryAfter(headers['retry-after'], now);
  const details = retryAfterMs === undefined ? { status } : { status, retryAfterMs };
  return new Fault(kind, `${name}: answered ${status} without a readable reason`, details);
}

/** `Retry-After` in ms from `now`: seconds or an HTTP date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Math.ceil(Number(header) * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
