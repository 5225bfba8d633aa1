/** Signed webhooks: HMAC-SHA256 in hex over `<timestamp>.<raw body>`. See `docs/chat-events.md`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Verdict, WebhookContext, WebhookRequest } from '../../src/connector/contract.ts';
import type { ChatbotConfig } from './config.ts';
import { mostBytes } from './schema.ts';

const oldestSeconds = 300;

export function verify(ctx: WebhookContext<ChatbotConfig>, request: WebhookRequest): Verdict {
  const { headers, body } = request;
  if (request.method !== 'POST') return refuse(400, 'expected POST');
  if (body.byteLength > mostBytes)
    return refuse(413, `body is larger than ${mostBytes} bytes; send smaller batches`);
  const timestamp = headers['chat-timestamp'] ?? '';
  const signature = headers['chat-signature'] ?? '';
  if (!/^\d{10}$/.test(timestamp)) return refuse(400, 'header chat-timestamp: expected Unix seconds');
  if (!/^v1=[0-9a-f]{64}$/.test(signature))
    return refuse(400, 'header chat-signature: expected v1= and 64 hex digits');
  if (!isSigned(ctx.config, timestamp, signature.slice('v1='.length), body))
    return refuse(401, 'signature does not match');
  if (Math.abs(ctx.clock.now() / 1_000 - Number(timestamp)) > oldestSeconds)
    return refuse(401, `signed more than ${oldestSeconds} seconds ago or ahead; sign each attempt anew`);
  // The signature covers the body, and so the batch id in it: no two deliveries share it but a replay.
  return { accepted: true, replayKey: `${timestamp}.${signature}` };
}

function refuse(status: 400 | 401 | 413, reason: string): Verdict {
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
