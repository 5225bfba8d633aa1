/** Sends what happened to the app: signed, in batches, in no order, more than once. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Portal } from '../portal.ts';
import type { Happening } from '../state/happenings.ts';
import { EventWriter, type WebhookEvent } from './events.ts';
import { signV1, signV3 } from './signature.ts';

const mostPerDelivery = 100;

export class Webhooks {
  readonly #portal: Portal;
  readonly #secret: string;
  readonly #writer: EventWriter;
  readonly #closing = new AbortController();
  #url: string | null = null;
  #waiting: WebhookEvent[] = [];
  /** Resolves when everything that was told so far has been answered or given up. */
  #idle: Promise<void> = Promise.resolve();

  constructor(portal: Portal, secret: string) {
    this.#portal = portal;
    this.#secret = secret;
    this.#writer = new EventWriter(portal);
  }

  deliverTo(url: string | null): void {
    this.#url = url;
  }

  tell(happening: Happening): void {
    if (this.#url === null) return;
    this.#waiting.push(this.#writer.write(happening));
    if (this.#waiting.length === 1)
      this.#idle = Promise.all([this.#idle, this.#flush(this.#url)]).then(() => {});
  }

  /** Also waits for what is told while it waits. */
  async delivered(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.#idle; ) {
      seen = this.#idle;
      await seen;
    }
  }

  close(): void {
    this.#url = null;
    this.#waiting = [];
    this.#closing.abort();
  }

  async #flush(url: string): Promise<void> {
    await this.#pause(this.#portal.knobs.webhooks.delayMs);
    const events = this.#disordered(this.#waiting);
    this.#waiting = [];
    const batches = Math.ceil(events.length / mostPerDelivery);
    const slices = Array.from({ length: batches }, (_, index) =>
      events.slice(index * mostPerDelivery, (index + 1) * mostPerDelivery),
    );
    await Promise.all(slices.map((slice) => this.#deliver(url, slice)));
  }

  /** By knob every third event comes twice, and the order of all is another one. */
  #disordered(events: readonly WebhookEvent[]): readonly WebhookEvent[] {
    const { duplicate, reorder } = this.#portal.knobs.webhooks;
    const all = duplicate ? [...events, ...events.filter((_, index) => index % 3 === 0)] : events;
    return reorder ? this.#portal.random.shuffle(all) : all;
  }

  /** Anything but a 2xx within the time is tried again, later and later. */
  async #deliver(url: string, events: readonly WebhookEvent[]): Promise<void> {
    const { retries, retryMs } = this.#portal.knobs.webhooks;
    for (let attemptNumber = 0; attemptNumber <= retries; attemptNumber++) {
      if (this.#closing.signal.aborted) return;
      if (
        await this.#post(
          url,
          events.map((event) => ({ ...event, attemptNumber })),
        )
      )
        return;
      await this.#pause(retryMs * (attemptNumber + 1));
    }
  }

  async #post(url: string, events: readonly WebhookEvent[]): Promise<boolean> {
    const body = JSON.stringify(events);
    const signal = AbortSignal.any([
      this.#closing.signal,
      AbortSignal.timeout(this.#portal.knobs.webhooks.timeoutMs),
    ]);
    try {
      const answer = await fetch(url, { method: 'POST', headers: this.#headers(url, body), body, signal });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  #headers(url: string, body: string): Record<string, string> {
    const timestamp = this.#portal.clock.now();
    return {
      'content-type': 'application/json',
      'user-agent': 'HubSpot Connect 2.0 (http://dev.hubspot.com/) (namespace: webhooks-nio-http-client)',
      'x-hubspot-request-timestamp': String(timestamp),
      'x-hubspot-signature': signV1(this.#secret, body),
      'x-hubspot-signature-version': 'v1',
      'x-hubspot-signature-v3': signV3(this.#secret, { method: 'POST', url, body, timestamp }),
    };
  }

  /** Real time, and over at once when the emulator closes. */
  async #pause(ms: number): Promise<void> {
    await wait(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
