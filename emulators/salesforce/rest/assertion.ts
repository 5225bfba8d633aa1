/** Checks a JWT of the bearer flow: signed RS256 by the key that the admin uploaded. */
import { createVerify } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../../../src/support/json.ts';

export interface Expected {
  /** PEM; undefined when the app has no certificate. */
  readonly publicKey: string | undefined;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
  /** Ms. */
  readonly now: number;
}

const longestLife = 3 * 60;
const skew = 60;

/** What Salesforce says is wrong with it; undefined when nothing is. */
export function checkAssertion(jwt: string, expected: Expected): string | undefined {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const claims = decode(payload);
  if (decode(header)?.alg !== 'RS256' || claims === undefined) return 'invalid assertion';
  if (claims.iss !== expected.issuer) return 'invalid client id';
  if (!expected.audiences.includes(String(claims.aud))) return 'audience is invalid';
  const seconds = expected.now / 1000;
  if (typeof claims.exp !== 'number' || claims.exp < seconds || claims.exp > seconds + longestLife + skew) {
    return 'expired authorization code';
  }
  if (expected.publicKey === undefined || claims.sub !== expected.subject)
    return "user hasn't approved this consumer";
  return isSigned(`${header}.${payload}`, signature, expected.publicKey) ? undefined : 'invalid assertion';
}

function isSigned(text: string, signature: string, publicKey: string): boolean {
  return createVerify('RSA-SHA256').update(text).verify(publicKey, Buffer.from(signature, 'base64url'));
}

function decode(part: string): JsonObject | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
