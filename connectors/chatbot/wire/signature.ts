/** Signed webhooks: HMAC-SHA256 in hex over `<timestamp>.<raw body>`. See `docs/chat-events.md`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type {
  Refusal,
  Verdict,
  WebhookContext,
  WebhookHead,
  WebhookRequest,
} from '../../../src/connector/contract/webhooks.ts';
import { wrongTime } from '../../../src/connector/signature.ts';
import type { ChatbotConfig } from '../config.ts';
import { mostBytes } from './schema.ts';

const oldestMs = 300_000;

export function admit(
  { clock }: WebhookContext<ChatbotConfig>,
  { method, headers }: WebhookHead,
): Refusal | null {
  if (method !== 'POST') return refuse(400, 'expected POST');
  const { timestamp, signature } = signed(headers);
  if (!/^\d{10}$/.test(timestamp)) return refuse(400, 'header chat-timestamp: expected Unix seconds');
  if (!/^v1=[0-9a-f]{64}$/.test(signature))
    return refuse(400, 'header chat-signature: expected v1= and 64 hex digits');
  const [signedAt, now] = [Number(timestamp) * 1_000, clock.now()];
  if (Math.abs(now - signedAt) > oldestMs)
    return refuse(
      401,
      `more than ${oldestMs / 1_000} seconds off: ${wrongTime(signedAt, now)} Sign each attempt anew.`,
    );
  return null;
}

export function verify(ctx: WebhookContext<ChatbotConfig>, request: WebhookRequest): Verdict {
  const refusal = admit(ctx, request);
  if (refusal) return refusal;
  const { headers, body } = request;
  if (body.byteLength > mostBytes)
    return refuse(413, `body is larger than ${mostBytes} bytes; send smaller batches`);
  const { timestamp, signature } = signed(headers);
  if (!isSigned(ctx.config, timestamp, signature.slice('v1='.length), body))
    return refuse(401, 'signature does not match');
  // The signature covers the body, and so the batch id in it: no two deliveries share it but a replay.
  return { accepted: true, replayKey: `${timestamp}.${signature}` };
}

function signed(headers: WebhookHead['headers']): { readonly timestamp: string; readonly signature: string } {
  return { timestamp: headers['chat-timestamp'] ?? '', signature: headers['chat-signature'] ?? '' };
}

function refuse(status: 400 | 401 | 413, reason: string): Refusal {
  return { accepted: false, status, reason };
}

/** All secrets are tried in any case, so that the time taken does not tell which one matched. */
function isSigned(config: ChatbotConfig, timestamp: string, signature: string, body: Uint8Array): boolean {
  const given = Buffer.from(signature, 'hex');
  const secrets = [config.webhookSecret, config.previousWebhookSecret].filter(
    (secret) => secret !== undefined,
  );
  const matches = secrets.map((secret) => timingSafeEqual(given, mac(secret, timestamp, body)));
  return matches.includes(true);
}

function mac(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
}
