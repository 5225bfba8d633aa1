/**
 * From the bytes of a touch to its channel id without making a string: a hash table over raw bytes. Each spelling
 * (`Email`, ` Email `) is decoded and trimmed once, when it is first met, and found by its bytes from then on.
 * The key is exact: length, first and last four bytes, and for longer spellings the bytes between.
 */
import { widenUint8 } from '../journeys/growable.ts';

/** Readers of 4-byte words may look this far past the end of what they were given. */
export const slack = 8;

/** Int32 cells of an entry: first word, last word, length, channel id + 1 (0: free), offset in the pool. */
const cells = 5;
const shortMasks = Int32Array.of(0, 0xff, 0xffff, 0xffffff);

export class Tokens {
  #table = new Int32Array(256 * cells);
  #mask = 255;
  #used = 0;
  #pool = new Uint8Array(4096);
  #poolView = new DataView(this.#pool.buffer);
  #poolEnd = 0;

  /** The channel id of the bytes `[start, end)`, or -1. The view must reach `slack` bytes past `end`. */
  find(view: DataView, start: number, end: number): number {
    const length = end - start;
    const first = firstWord(view, start, length);
    const last = lastWord(view, end, length);
    const table = this.#table;
    for (let slot = hash(first, last, length) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * cells;
      const id = table[at + 3] ?? 0;
      if (id === 0) return -1;
      if (
        table[at] === first &&
        table[at + 1] === last &&
        table[at + 2] === length &&
        (length <= 8 || this.#sameMiddle(view, start, length, table[at + 4] ?? 0))
      )
        return id - 1;
    }
  }

  /** Remembers a spelling that `find` did not know. */
  learn(bytes: Uint8Array, view: DataView, start: number, end: number, id: number): void {
    if ((this.#used + 1) * 2 > this.#mask) this.#grow();
    this.#used += 1;
    const length = end - start;
    this.#place(firstWord(view, start, length), lastWord(view, end, length), length, id + 1, this.#poolEnd);
    this.#pool = widenUint8(this.#pool, this.#poolEnd + length + slack);
    this.#poolView = new DataView(this.#pool.buffer);
    this.#pool.set(bytes.subarray(start, end), this.#poolEnd);
    this.#poolEnd += length;
  }

  /** The bytes between the first and the last four; the last word compared may overlap its neighbour. */
  #sameMiddle(view: DataView, start: number, length: number, offset: number): boolean {
    const pool = this.#poolView;
    const final = length - 8;
    for (let at = 4; at < final; at += 4)
      if (view.getInt32(start + at, true) !== pool.getInt32(offset + at, true)) return false;
    return view.getInt32(start + final, true) === pool.getInt32(offset + final, true);
  }

  #place(first: number, last: number, length: number, id: number, offset: number): void {
    let slot = hash(first, last, length) & this.#mask;
    while (this.#table[slot * cells + 3] !== 0) slot = (slot + 1) & this.#mask;
    this.#table.set([first, last, length, id, offset], slot * cells);
  }

  #grow(): void {
    const old = this.#table;
    this.#mask = this.#mask * 2 + 1;
    this.#table = new Int32Array((this.#mask + 1) * cells);
    for (let at = 0; at < old.length; at += cells) {
      const [first = 0, last = 0, length = 0, id = 0, offset = 0] = old.subarray(at, at + cells);
      if (id !== 0) this.#place(first, last, length, id, offset);
    }
  }
}

function firstWord(view: DataView, start: number, length: number): number {
  const word = view.getInt32(start, true);
  return length < 4 ? word & (shortMasks[length] ?? 0) : word;
}

function lastWord(view: DataView, end: number, length: number): number {
  return length < 4 ? 0 : view.getInt32(end - 4, true);
}

function hash(first: number, last: number, length: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(last + length, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
