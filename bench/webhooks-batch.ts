/** Batches of chat events as a chatbot signs them. */
import { createHmac, randomUUID } from 'node:crypto';

export const secret = 'bench-secret-of-32-characters-or-more';
export const path = '/webhooks/chatbot';

export interface Batch {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

let made = 0;

export function batchOf(size: number): Batch {
  const body = JSON.stringify({
    version: 1,
    batch: randomUUID(),
    sentAt: new Date().toISOString(),
    events: Array.from({ length: size }, event),
  });
  const time = String(Math.floor(Date.now() / 1_000));
  const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return {
    headers: { 'content-type': 'application/json', 'chat-timestamp': time, 'chat-signature': `v1=${mac}` },
    body,
  };
}

function event(): object {
  made += 1;
  return {
    id: `ev_${made}`,
    type: 'message',
    at: new Date().toISOString(),
    sessionId: `s_${Math.floor(made / 10)}`,
    visitorId: `v_${Math.floor(made / 40)}`,
    from: 'visitor',
    text: 'Could you send me the price list for the larger plan, please? We are twelve people.',
  };
}
