import { hash } from 'node:crypto';
import { isJsonObject, type Json } from './json.ts';

/** JSON with sorted keys, so that equal values have equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) {
    // Nothing to sort in it: a row of thousands is written at once.
    if (value.every(isPlain)) return JSON.stringify(value);
    return `[${value.map(canonicalJson).join(',')}]`;
  }
  if (!isJsonObject(value)) return JSON.stringify(value);
  let members = '';
  for (const key of Object.keys(value).sort())
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`;
  return `{${members}}`;
}

function isPlain(value: Json): boolean {
  return typeof value !== 'object' || value === null;
}

/** The first `length` hex digits of SHA-256; 32 digits (128 bits) are enough to name a thing for good. */
export function fingerprint(text: string, length = 32): string {
  return hash('sha256', text).slice(0, length);
}
