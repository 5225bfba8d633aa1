/** Sealing of what must not rest in clear: AES-256-GCM, bound to the place where it rests. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { fingerprint } from '../support/fingerprint.ts';
import { Problem } from '../support/problem.ts';

export interface Key {
  /** Derived from the key; written in front of everything that it sealed. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** The first key seals; all of them open, so that a key can be replaced while old texts still rest. */
export type Keyring = readonly [Key, ...Key[]];

/** Where a sealed text belongs; it opens nowhere else. */
export interface Place {
  readonly connection: string;
  /** What it is: `token`, `webhook secret`. */
  readonly purpose: string;
}

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const version = 'v1';
const form = /^v1\.([0-9a-f]{8})\.([\w-]+)$/;

export function keyFrom(bytes: Uint8Array): Key {
  if (bytes.length !== keyBytes) {
    throw new Problem('configuration', `the hub key has ${bytes.length} bytes, not ${keyBytes}`, {
      remedy: 'Make one with: openssl rand -base64 32',
    });
  }
  return { id: fingerprint(`hub key ${Buffer.from(bytes).toString('hex')}`, 8), bytes };
}

/** `v1.<key id>.<nonce, text and tag in base64url>` */
export function seal(keyring: Keyring, place: Place, text: string): string {
  const [key] = keyring;
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key.bytes, nonce, { authTagLength: tagBytes });
  cipher.setAAD(boundTo(place, key.id));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [version, key.id, sealed.toString('base64url')].join('.');
}

/** Throws a `configuration` Problem when the key is not in the ring or the text is not what was sealed here. */
export function open(keyring: Keyring, place: Place, sealed: string): string {
  const [, keyId, body] = form.exec(sealed) ?? [];
  const bytes = Buffer.from(body ?? '', 'base64url');
  // Text that says the same bytes in another way was not written by us.
  if (bytes.toString('base64url') !== body) throw unopened(place, 'it is not in a form this hub writes');
  const key = keyring.find(({ id }) => id === keyId);
  if (key === undefined)
    throw unopened(place, `it was sealed with key ${keyId}, which the hub does not have`);
  try {
    return decrypt(key, place, bytes);
  } catch {
    throw unopened(place, 'it was changed, or belongs to another place');
  }
}

/** True when a text should be sealed anew, because its key is no longer the first. */
export function isOutdated(keyring: Keyring, sealed: string): boolean {
  return form.exec(sealed)?.[1] !== keyring[0].id;
}

function decrypt(key: Key, place: Place, bytes: Buffer): string {
  const nonce = bytes.subarray(0, nonceBytes);
  const tag = bytes.subarray(bytes.length - tagBytes);
  const decipher = createDecipheriv(algorithm, key.bytes, nonce, { authTagLength: tagBytes });
  decipher.setAAD(boundTo(place, key.id));
  decipher.setAuthTag(tag);
  const text = bytes.subarray(nonceBytes, bytes.length - tagBytes);
  return decipher.update(text, undefined, 'utf8') + decipher.final('utf8');
}

function boundTo({ connection, purpose }: Place, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([version, connection, purpose, keyId]));
}

function unopened({ connection, purpose }: Place, why: string): Problem {
  return new Problem('configuration', `the ${purpose} cannot be unsealed: ${why}`, {
    where: `connection "${connection}"`,
    remedy: 'Give the hub the key that it had before, or sign the connection in again.',
  });
}
