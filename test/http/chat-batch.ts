/** A batch of chat events as a chatbot signs it, for tests that send it themselves. */
import { createHmac, randomUUID } from 'node:crypto';

export const secret = 'a secret for tests that is long enough';

export interface SignedBatch {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `alter` changes the body before it is signed. */
export function batchOf(
  texts: readonly string[],
  now: number,
  alter: (body: string) => string = (body) => body,
): SignedBatch {
  const at = new Date(now).toISOString();
  const common = { type: 'message', at, sessionId: 's_1', visitorId: 'v_1', from: 'visitor' };
  const events = texts.map((text) => ({ id: `ev_${randomUUID()}`, ...common, text }));
  const body = alter(JSON.stringify({ version: 1, batch: `b_${randomUUID()}`, sentAt: at, events }));
  const time = String(Math.floor(now / 1_000));
  const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return {
    headers: { 'content-type': 'application/json', 'chat-timestamp': time, 'chat-signature': `v1=${mac}` },
    body,
  };
}
