import { z } from 'zod';
import type { Webhooks } from '../../../src/connector/contract/webhooks.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { hmacMatches, isRecent, wrongTime } from '../../../src/connector/signature.ts';
import type { ToyConfig } from './config.ts';
import { object } from './rows.ts';

/** A webhook older than this is refused. */
export const windowMs = 300_000;

const delivery = z.object({ changed: z.array(z.string()) });

export const webhooks: Webhooks<ToyConfig> = {
  verify: ({ config, clock }, { headers, body }) => {
    const { 'x-time': time = '', 'x-signature': signature = '' } = headers;
    const content = [`${time}.`, body];
    const signed = { algorithm: 'sha256', secret: config.signingSecret, content, encoding: 'hex' } as const;
    if (!hmacMatches(signed, signature)) return { accepted: false, status: 401, reason: 'wrong signature' };
    if (!isRecent(Number(time), clock.now(), windowMs))
      return { accepted: false, status: 401, reason: `too old: ${wrongTime(Number(time), clock.now())}` };
    return { accepted: true, replayKey: signature };
  },
  parse: (_, { body }) => {
    const { success, data } = delivery.safeParse(jsonIn(body));
    if (!success) throw new Fault('rejected', 'the body is not a list of changes');
    return { changes: data.changed.map((id) => ({ object, id })), records: [] };
  },
};

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}
