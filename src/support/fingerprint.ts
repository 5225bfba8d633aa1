import { hash } from 'node:crypto';
import { isJsonObject, type Json } from './json.ts';

/** JSON with sorted keys, so that equal values have equal text. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(',')}}`;
}

/** The first `length` hex digits of SHA-256; 32 digits (128 bits) are enough to name a thing for good. */
export function fingerprint(text: string, length = 32): string {
  return hash('sha256', text).slice(0, length);
}
