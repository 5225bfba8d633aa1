import { createHash } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * The Salesforce id (18 characters) of a fact of the world. Both the Salesforce emulator, which owns the
 * record, and the HubSpot emulator, which cross-references it, tell the same id without asking each other.
 * `prefix` is the object's three-character key prefix (`006` is an opportunity), `key` the world's key.
 */
export function worldSalesforceId(prefix: string, key: string): string {
  const digest = createHash('sha256').update(`${prefix}:${key}`).digest();
  let body = '';
  for (const byte of digest.subarray(0, 9)) body += base62[byte % base62.length];
  return withChecksum(`${prefix}5g0${body}`);
}

/**
 * Appends the three characters that make a 15-character Salesforce id safe to compare without case: each
 * stands for five characters, a bit per character, set where it is an upper-case letter.
 * https://help.salesforce.com/s/articleView?id=000385008
 */
export function withChecksum(id15: string): string {
  const check = [0, 5, 10].map((start) => alphabet[upperCaseBits(id15.slice(start, start + 5))]);
  return id15 + check.join('');
}

function upperCaseBits(five: string): number {
  return [...five].reduce((bits, char, index) => (/[A-Z]/.test(char) ? bits | (1 << index) : bits), 0);
}
