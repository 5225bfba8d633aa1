/**
 * Version 3 of HubSpot's request signatures. The SDK's verifier is not used: it defaults to version 1, throws,
 * takes times in the future, and does not decode the address.
 * https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
 */
import type {
  Refusal,
  Verdict,
  WebhookContext,
  WebhookHead,
  WebhookRequest,
} from '../../../src/connector/contract/webhooks.ts';
import { hmac, sameText, wrongTime } from '../../../src/connector/signature.ts';
import { fingerprint } from '../../../src/support/fingerprint.ts';
import type { HubSpotConfig } from '../config.ts';

const oldestMs = 300_000;
/** Clocks differ a little; a request from further ahead is refused. */
const aheadMs = 30_000;

export function admit(ctx: WebhookContext<HubSpotConfig>, { headers }: WebhookHead): Refusal | null {
  if (secretOf(ctx.config) === undefined)
    return refused(403, 'no webhookSecret is configured, so nothing can be believed');
  const { signature, timestamp } = signed(headers);
  if (signature === undefined || timestamp === undefined)
    return refused(401, 'the v3 signature or its timestamp is missing');
  if (!/^\d{1,15}$/.test(timestamp)) return refused(400, 'the timestamp is not a number');
  const age = ctx.clock.now() - Number(timestamp);
  if (age > oldestMs || age < -aheadMs) return refused(401, wrongTime(Number(timestamp), ctx.clock.now()));
  return null;
}

export function verify(ctx: WebhookContext<HubSpotConfig>, request: WebhookRequest): Verdict {
  const refusal = admit(ctx, request);
  if (refusal) return refusal;
  const { signature = '', timestamp = '' } = signed(request.headers);
  const secret = secretOf(ctx.config) ?? '';
  const expected = signatureOf(secret, request, timestamp);
  if (!sameText(expected, signature)) return refused(401, 'the signature does not match');
  return { accepted: true, replayKey: fingerprint(expected) };
}

function secretOf({ webhookSecret, clientSecret }: HubSpotConfig): string | undefined {
  return webhookSecret ?? clientSecret;
}

function signed(headers: WebhookHead['headers']): { signature?: string; timestamp?: string } {
  const signature = headers['x-hubspot-signature-v3'];
  const timestamp = headers['x-hubspot-request-timestamp'];
  return { ...(signature ? { signature } : {}), ...(timestamp === undefined ? {} : { timestamp }) };
}

function refused(status: 400 | 401 | 403, reason: string): Refusal {
  return { accepted: false, status, reason };
}

/** Base64 HMAC-SHA256 over method, address, raw body and timestamp. */
export function signatureOf(
  secret: string,
  request: Pick<WebhookRequest, 'method' | 'url' | 'body'>,
  timestamp: string,
): string {
  const content = [request.method.toUpperCase(), decoded(request.url), request.body, timestamp];
  return hmac({ algorithm: 'sha256', secret, content, encoding: 'base64' });
}

/** HubSpot signs the address with these escapes decoded, and no others. */
const escapes = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

function decoded(url: string): string {
  return url.replace(escapes, (octet) => decodeURIComponent(octet));
}
