/**
 * Distinct journeys in columns: equal ones are kept once, with their counts. Memory grows with what is distinct, two
 * bytes a touch while channel ids fit in them. Found by a hash of the channel ids, and then by the ids themselves.
 */
import type { Channels } from './channels.ts';
import { widenFloat64, widenInt32 } from './growable.ts';
import type { JourneySink, Outcome } from './sink.ts';
import { OutcomeSums } from './sums.ts';

const narrow = 0x10000;

export class JourneyTable implements JourneySink {
  readonly channels: Channels;
  size = 0;
  /** The touches of journey `j` are at `starts[j]` up to `starts[j + 1]`. */
  starts = new Float64Array(16);
  touches: Uint16Array | Int32Array = new Uint16Array(1024);
  nulls = new Float64Array(16);
  readonly outcomes = new OutcomeSums();
  /** The longest journey. */
  longest = 0;
  /** Journey + 1 by hash; 0: free. */
  #cells = new Int32Array(1024);
  #hashes = new Int32Array(16);

  constructor(channels: Channels) {
    this.channels = channels;
  }

  add(touches: Int32Array, length: number, outcome: Outcome): void {
    const journey = this.#place(touches, length);
    this.outcomes.add(journey, outcome);
    this.nulls[journey] = (this.nulls[journey] ?? 0) + outcome.nulls;
  }

  /** Hands all journeys over, each once. */
  feed(sink: JourneySink): void {
    const touches = new Int32Array(this.longest);
    for (let journey = 0; journey < this.size; journey += 1) {
      const length = this.read(journey, touches);
      const conversions = this.outcomes.conversions[journey] ?? 0;
      const nulls = this.nulls[journey] ?? 0;
      sink.add(touches, length, { conversions, nulls, ...this.outcomes.decimal(journey) });
    }
  }

  /** Copies the touches of a journey and returns how many there are. */
  read(journey: number, into: Int32Array): number {
    const start = this.starts[journey] ?? 0;
    const length = (this.starts[journey + 1] ?? 0) - start;
    for (let at = 0; at < length; at += 1) into[at] = this.touches[start + at] ?? 0;
    return length;
  }

  #place(touches: Int32Array, length: number): number {
    const hash = hashOf(touches, length);
    const mask = this.#cells.length - 1;
    for (let cell = hash & mask; ; cell = (cell + 1) & mask) {
      const journey = (this.#cells[cell] ?? 0) - 1;
      if (journey < 0) return this.#insert(touches, length, hash, cell);
      if (this.#hashes[journey] === hash && this.#same(journey, touches, length)) return journey;
    }
  }

  #same(journey: number, touches: Int32Array, length: number): boolean {
    const start = this.starts[journey] ?? 0;
    if ((this.starts[journey + 1] ?? 0) - start !== length) return false;
    for (let at = 0; at < length; at += 1) if (this.touches[start + at] !== touches[at]) return false;
    return true;
  }

  #insert(touches: Int32Array, length: number, hash: number, cell: number): number {
    const journey = this.size;
    const start = this.starts[journey] ?? 0;
    this.size += 1;
    this.longest = Math.max(this.longest, length);
    this.starts = widenFloat64(this.starts, this.size + 1);
    this.nulls = widenFloat64(this.nulls, this.size);
    this.#hashes = widenInt32(this.#hashes, this.size);
    this.outcomes.reserve(this.size);
    this.#makeRoom(start + length);
    for (let at = 0; at < length; at += 1) this.touches[start + at] = touches[at] ?? 0;
    this.starts[this.size] = start + length;
    this.#hashes[journey] = hash;
    this.#cells[cell] = this.size;
    if (this.size * 2 > this.#cells.length) this.#rehash();
    return journey;
  }

  #makeRoom(touches: number): void {
    const wide = this.touches instanceof Int32Array;
    if (!wide && this.channels.size > narrow) this.touches = Int32Array.from(this.touches);
    if (touches <= this.touches.length) return;
    const length = Math.max(touches, this.touches.length * 2);
    const wider = this.touches instanceof Int32Array ? new Int32Array(length) : new Uint16Array(length);
    wider.set(this.touches);
    this.touches = wider;
  }

  #rehash(): void {
    const cells = new Int32Array(this.#cells.length * 2);
    const mask = cells.length - 1;
    for (let journey = 0; journey < this.size; journey += 1) {
      let cell = (this.#hashes[journey] ?? 0) & mask;
      while (cells[cell] !== 0) cell = (cell + 1) & mask;
      cells[cell] = journey + 1;
    }
    this.#cells = cells;
  }
}

function hashOf(touches: Int32Array, length: number): number {
  let hash = length;
  for (let at = 0; at < length; at += 1)
    hash = Math.imul(hash ^ (touches[at] ?? 0), 0x9e3779b1) ^ (hash >>> 15);
  return hash ^ (hash >>> 13);
}
