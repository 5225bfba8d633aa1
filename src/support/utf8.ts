/** Where bytes stop being UTF-8. */
import { isUtf8 } from 'node:buffer';

/** The offset of the first byte that no UTF-8 text has there; -1 when all of it is UTF-8. */
export function firstNotUtf8(bytes: Uint8Array): number {
  if (isUtf8(bytes)) return -1;
  // Of every beginning that may still go on, none is longer than the right one.
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (mayGoOn(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  // A character that is cut off by what follows is wrong from its first byte on.
  let start = good;
  while (start > 0 && !isUtf8(bytes.subarray(0, start))) start -= 1;
  return start;
}

function mayGoOn(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
