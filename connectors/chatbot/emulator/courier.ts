/** Delivers new events by signed webhook: retried, and on demand doubled and shuffled. */
import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../../../src/emulator/story/chance.ts';
import type { Clock } from '../../../src/support/clock.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { Knobs } from './knobs.ts';

export interface Courier {
  to(url: string | null): void;
  /** Taken along with whatever else comes up before the next turn of the event loop. */
  hand(event: JsonObject): void;
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export function openCourier(knobs: Knobs, clock: Clock, chance: Chance): Courier {
  const stopping = new AbortController();
  let url: string | null = null;
  let waiting: JsonObject[] = [];
  let sent = 0;
  let running: Promise<void> = Promise.resolve();

  const flush = async () => {
    const events = waiting;
    waiting = [];
    for (const batch of shipments(events)) {
      if (url !== null && !stopping.signal.aborted) await deliver(url, batch);
    }
  };

  const shipments = (events: readonly JsonObject[]): Buffer[] => {
    const sorted = knobs.shuffle ? chance.shuffled(events) : events;
    const batches: Buffer[] = [];
    for (let from = 0; from < sorted.length; from += knobs.batchSize) {
      sent += 1;
      const sentAt = new Date(clock.now()).toISOString();
      const batch = {
        version: 1,
        batch: `b_${sent}`,
        sentAt,
        events: sorted.slice(from, from + knobs.batchSize),
      };
      batches.push(Buffer.from(JSON.stringify(batch)));
    }
    const all = knobs.duplicate ? [...batches, ...batches] : batches;
    return knobs.shuffle ? chance.shuffled(all) : all;
  };

  const deliver = async (target: string, body: Buffer) => {
    for (let attempt = 1; attempt <= knobs.attempts; attempt += 1) {
      const status = await post(target, body, clock.now());
      if (status < 500 && status !== 0 && status !== 429) return;
      if (attempt === knobs.attempts) return;
      await wait(knobs.retryMs * 2 ** (attempt - 1), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
    }
  };

  /** Each attempt carries its own time and so its own signature. 0: no answer. */
  const post = async (target: string, body: Buffer, now: number): Promise<number> => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(10_000)]);
    const headers = { 'content-type': 'application/json', ...signature(knobs.webhookSecret, body, now) };
    try {
      const response = await fetch(target, { method: 'POST', headers, body: new Uint8Array(body), signal });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  };

  return {
    to: (target) => {
      url = target;
    },
    hand: (event) => {
      if (url === null) return;
      if (waiting.length === 0)
        running = running.then(() => new Promise((next) => setImmediate(next))).then(flush);
      waiting.push(event);
    },
    settled: async () => {
      for (let seen: Promise<void> | null = null; seen !== running; ) {
        seen = running;
        await seen;
      }
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

function signature(secret: string, body: Buffer, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`, 'ascii'), body]);
  const digest = createHmac('sha256', Buffer.from(secret, 'utf8')).update(signed).digest('hex');
  return { 'chat-timestamp': timestamp, 'chat-signature': `v1=${digest}` };
}
