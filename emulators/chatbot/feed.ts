/**
 * The chatbot's log of events in the order in which it received them. Nothing is inserted or moved, so a
 * position in it is a cursor that misses nothing, however late an event says that it happened.
 */
import type { JsonObject } from '../../src/support/json.ts';
import { syntheticEvent, syntheticIndex } from './synthetic.ts';
import type { ToldEvent } from './telling.ts';

export interface FeedItem {
  readonly receivedAt: number;
  /** Null: erased; its place is kept. */
  readonly event: JsonObject | null;
}

export interface FeedSlice {
  readonly events: JsonObject[];
  /** Position after the last event looked at. */
  readonly end: number;
}

export class Feed {
  readonly #synthetic: number;
  readonly #start: number;
  readonly #items: FeedItem[] = [];
  readonly #positions = new Map<string, number>();
  /** Erased event's id to the notice that told so. */
  readonly #notices = new Map<string, JsonObject>();

  constructor(told: readonly ToldEvent[], synthetic: number, start: number) {
    this.#synthetic = synthetic;
    this.#start = start;
    for (const { at, event } of told) this.append(event, at);
  }

  get length(): number {
    return this.#synthetic + this.#items.length;
  }

  /** Times of receipt never go back, even if the clock does. */
  append(event: JsonObject, now: number): void {
    const receivedAt = Math.max(now, this.#items.at(-1)?.receivedAt ?? 0);
    this.#positions.set(String(event.id), this.length);
    this.#items.push({ receivedAt, event });
  }

  erase(id: string, notice: JsonObject, now: number): void {
    const position = this.#positions.get(id);
    const item = position === undefined ? undefined : this.#items[position - this.#synthetic];
    if (position === undefined || !item)
      throw new RangeError(`the chatbot has no event ${id} that it could erase`);
    this.#items[position - this.#synthetic] = { ...item, event: null };
    this.#notices.set(id, notice);
    this.append(notice, now);
  }

  find(id: string): JsonObject | undefined {
    const made = syntheticIndex(id);
    const position = made !== undefined && made < this.#synthetic ? made : this.#positions.get(id);
    return this.#notices.get(id) ?? this.at(position ?? -1)?.event ?? undefined;
  }

  at(position: number): FeedItem | undefined {
    if (position < 0) return undefined;
    if (position >= this.#synthetic) return this.#items[position - this.#synthetic];
    const { at, event } = syntheticEvent(position, this.#start);
    return { receivedAt: at, event };
  }

  slice(from: number, count: number): FeedSlice {
    const events: JsonObject[] = [];
    let end = from;
    for (; end < this.length && events.length < count; end += 1) {
      const event = this.at(end)?.event;
      if (event) events.push(event);
    }
    return { events, end };
  }

  /** Position of the first event received at `ms` or later. */
  since(ms: number): number {
    let position = 0;
    while (position < this.length && (this.at(position)?.receivedAt ?? 0) < ms) position += 1;
    return position;
  }

  /** Events that can be read, without the notices of erasure. */
  *live(): Generator<JsonObject> {
    for (let position = 0; position < this.length; position += 1) {
      const event = this.at(position)?.event;
      if (event && event.type !== 'erased') yield event;
    }
  }
}
