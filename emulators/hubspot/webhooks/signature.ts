import { createHash, createHmac } from 'node:crypto';

/** Only these are decoded before signing; all other percent-encoding stays. */
const decoded = /%3A|%2F|%3F|%40|%21|%24|%27|%28|%29|%2A|%2C|%3B/gi;

export interface Signed {
  readonly method: string;
  /** As it is called: scheme, host, path and query. */
  readonly url: string;
  readonly body: string;
  readonly timestamp: number;
}

/** https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests (v3) */
export function signV3(secret: string, { method, url, body, timestamp }: Signed): string {
  const text = `${method}${url.replaceAll(decoded, decodeURIComponent)}${body}${timestamp}`;
  return createHmac('sha256', secret).update(text).digest('base64');
}

export function signV1(secret: string, body: string): string {
  return createHash('sha256')
    .update(secret + body)
    .digest('hex');
}
