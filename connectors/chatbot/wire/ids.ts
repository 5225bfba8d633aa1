/**
 * Names of events as the hub keeps them. Senders take whatever is unique for an id: an e-mail address, a URL, a
 * number, a token of thousands of characters. All are kept, in a form that can be read, searched and indexed.
 */
import { Fault } from '../../../src/connector/fault.ts';
import { canonicalJson, fingerprint } from '../../../src/support/fingerprint.ts';
import type { Json } from '../../../src/support/json.ts';

const longest = 256;
const head = 64;

/** What nobody sees, what is no character, and the two characters that this notation itself needs. */
const awkward = /[%~\p{C}\p{Zl}\p{Zp}]|^\s|\s$/gu;
const written = /%([0-9a-f]+);/g;
const digest = /~[0-9a-f]{32}$/;

/** `a%b` becomes `a%25;b`; of a longer id its beginning and a digest are kept, the event has all of it. */
export function recordId(id: string | number): string {
  const text = String(id).replaceAll(awkward, (one) => `%${one.codePointAt(0)?.toString(16)};`);
  if (text.length <= longest) return text;
  // A character of two halves may be cut in the middle: no store keeps one half as it is.
  return `${text.slice(0, head).toWellFormed()}~${fingerprint(String(id).toWellFormed())}`;
}

/** Of an event that has no id: the same event told again is the same event. Throws `rejected` for one too deep to be told. */
export function idOfContent(event: Json): string {
  try {
    return `~${fingerprint(canonicalJson(event))}`;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = 'the event has no id, and is nested too deeply to be known by its content';
    throw new Fault('rejected', message, { code: 'INVALID_EVENT', cause });
  }
}

/** The sender's own id; null where the record's no longer tells it. */
export function senderId(id: string): string | null {
  return digest.test(id)
    ? null
    : id.replaceAll(written, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)));
}
