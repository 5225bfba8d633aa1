/** Delivers new events by signed webhook: repeated until they are taken, and on demand doubled and shuffled. */
import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../src/support/clock.ts';
import type { JsonObject } from '../../src/support/json.ts';
import type { Chance } from '../world/story/chance.ts';
import type { Knobs } from './knobs.ts';

const noAnswer = 0;
const timeoutMs = 10_000;

export class Courier {
  readonly #knobs: Knobs;
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #stopping = new AbortController();
  #url: string | null = null;
  #waiting: JsonObject[] = [];
  #batches = 0;
  #running: Promise<void> = Promise.resolve();

  constructor(knobs: Knobs, clock: Clock, chance: Chance) {
    this.#knobs = knobs;
    this.#clock = clock;
    this.#chance = chance;
  }

  deliverTo(url: string | null): void {
    this.#url = url;
  }

  /** The event goes out with whatever else comes up before the next turn of the event loop. */
  hand(event: JsonObject): void {
    if (this.#url === null) return;
    if (this.#waiting.length === 0) this.#running = this.#running.then(nextTurn).then(() => this.#flush());
    this.#waiting.push(event);
  }

  /** Resolves when everything handed over so far was taken or given up. */
  async settled(): Promise<void> {
    for (let seen: Promise<void> | null = null; seen !== this.#running; ) {
      seen = this.#running;
      await seen;
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #flush(): Promise<void> {
    const events = this.#waiting;
    this.#waiting = [];
    for (const batch of this.#pack(events)) {
      if (this.#url !== null) await this.#deliver(this.#url, batch);
    }
  }

  #pack(events: readonly JsonObject[]): readonly Buffer[] {
    const { batchSize, duplicate } = this.#knobs;
    const ordered = this.#shuffledOnDemand(events);
    const batches: Buffer[] = [];
    for (let from = 0; from < ordered.length; from += batchSize) {
      batches.push(this.#batch(ordered.slice(from, from + batchSize)));
    }
    return this.#shuffledOnDemand(duplicate ? [...batches, ...batches] : batches);
  }

  #batch(events: readonly JsonObject[]): Buffer {
    this.#batches += 1;
    const sentAt = new Date(this.#clock.now()).toISOString();
    return Buffer.from(JSON.stringify({ version: 1, batch: `b_${this.#batches}`, sentAt, events }));
  }

  #shuffledOnDemand<T>(list: readonly T[]): readonly T[] {
    return this.#knobs.shuffle ? this.#chance.shuffled(list) : list;
  }

  async #deliver(url: string, body: Buffer): Promise<void> {
    const { attempts, retryMs } = this.#knobs;
    for (let attempt = 1; attempt <= attempts && !this.#stopping.signal.aborted; attempt += 1) {
      if (attempt > 1) await this.#pause(retryMs * 2 ** (attempt - 2));
      if (isFinal(await this.#post(url, body))) return;
    }
  }

  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#stopping.signal }).catch(() => {});
  }

  /** Each attempt carries its own time, and so its own signature. */
  async #post(url: string, body: Buffer): Promise<number> {
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(timeoutMs)]);
    const signature = sign(this.#knobs.webhookSecret, body, this.#clock.now());
    const headers = { 'content-type': 'application/json', ...signature };
    try {
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body), signal });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return noAnswer;
    }
  }
}

function isFinal(status: number): boolean {
  return status !== noAnswer && status !== 429 && status < 500;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function sign(secret: string, body: Buffer, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signed = Buffer.concat([Buffer.from(`${timestamp}.`, 'ascii'), body]);
  const digest = createHmac('sha256', Buffer.from(secret, 'utf8')).update(signed).digest('hex');
  return { 'chat-timestamp': timestamp, 'chat-signature': `v1=${digest}` };
}
