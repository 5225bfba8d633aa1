/**
 * Outbound Messages: SOAP notifications of changed records, at least once, in no promised order, telling the
 * record as it is when the message leaves. A message is repeated until it is acknowledged.
 * https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging_understanding.htm
 */
import { setTimeout as wait } from 'node:timers/promises';
import { envelope, type Notification } from './notification.ts';
import type { Org } from './org.ts';
import type { ObjectDef, Row } from './schema/model.ts';

const perMessage = 100;
const longestPause = 2 * 60 * 60 * 1000;
const answerWithin = 60_000;

export class Outbound {
  readonly #org: Org;
  readonly #ownUrl: () => string;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #waiting: Notification[] = [];
  #url: string | null = null;
  #scheduled = false;

  constructor(org: Org, ownUrl: () => string) {
    this.#org = org;
    this.#ownUrl = ownUrl;
    org.onChange((object, row) => this.#note(object, row));
  }

  deliverTo(url: string | null): void {
    this.#url = url;
    if (url === null) this.#waiting = [];
  }

  /** Resolves when nothing is waiting or under way. */
  async delivered(): Promise<void> {
    while (this.#scheduled || this.#underWay.size > 0) {
      await Promise.all(this.#underWay);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    this.#closing.abort();
  }

  #note(object: ObjectDef, row: Row): void {
    if (this.#url === null || !this.#org.knobs.outbound.objects.includes(object.name)) return;
    const notification = { id: this.#org.ids.next('04l'), object, recordId: String(row.Id) };
    this.#waiting.push(notification);
    this.#org.journal.note(() => {
      this.#waiting = this.#waiting.filter((one) => one !== notification);
    });
    if (!this.#scheduled) setImmediate(() => this.#flush());
    this.#scheduled = true;
  }

  #flush(): void {
    const { chance, knobs } = this.#org;
    const due = knobs.outbound.shuffle ? chance.shuffled(this.#waiting) : this.#waiting;
    const url = this.#url;
    this.#scheduled = false;
    this.#waiting = [];
    if (url === null) return;
    for (const group of messages(due)) {
      const delivery = this.#deliver(group, url).catch(() => {});
      this.#underWay.add(delivery);
      void delivery.finally(() => this.#underWay.delete(delivery));
    }
  }

  async #deliver(group: readonly Notification[], url: string): Promise<void> {
    const { attempts, retryMs } = this.#org.knobs.outbound;
    let pause = retryMs;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      if (attempt > 1) {
        await wait(pause, undefined, { signal: this.#closing.signal });
        pause = Math.min(pause * 2, longestPause);
      }
      if (await this.#post(url, envelope(this.#org, group, this.#ownUrl()))) return;
    }
  }

  /** Whether it was acknowledged. */
  async #post(url: string, body: string): Promise<boolean> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'text/xml; charset=UTF-8',
          soapaction: '""',
          'user-agent': 'SFDC-Callout',
        },
        body,
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(answerWithin)]),
      });
      const text = await response.text();
      return response.ok && /<(?:\w+:)?Ack>\s*true\s*</.test(text);
    } catch {
      return false;
    }
  }
}

/** One kind of record per message. */
function messages(notifications: readonly Notification[]): Notification[][] {
  const groups = [...Map.groupBy(notifications, (one) => one.object.name).values()];
  return groups.flatMap((group) => {
    const count = Math.ceil(group.length / perMessage);
    return Array.from({ length: count }, (_, index) =>
      group.slice(index * perMessage, (index + 1) * perMessage),
    );
  });
}
