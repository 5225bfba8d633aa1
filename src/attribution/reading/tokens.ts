/**
 * From the bytes of a touch to its channel id without making a string: a hash table over raw bytes. Each spelling
 * (`Email`, ` Email `) is decoded and trimmed once, when it is first met, and found by its bytes from then on.
 * The key is exact: length, first and last four bytes, and for longer spellings the bytes between.
 */
import { widenUint8 } from '../journeys/growable.ts';
import { slack } from './bytes.ts';

/** Int32 cells of an entry: first word, last word, length, channel id + 1 (0: free), place in the pool; 3 to spare. */
const cells = 8;

export class Tokens {
  #table = new Int32Array(256 * cells);
  /** Takes a hash to the first cell of an entry. */
  #mask = 255 * cells;
  #used = 0;
  /** The bytes of all spellings. */
  #pool = new Uint8Array(4096);
  #poolView = new DataView(this.#pool.buffer);
  #poolEnd = 0;

  /** The channel id of the bytes `[start, end)`, or -1. The view reaches `slack` bytes past `end`. */
  find(view: DataView, start: number, end: number): number {
    const length = end - start;
    const first = firstWord(view, start, length);
    const last = lastWord(view, start, length);
    const table = this.#table;
    const mask = this.#mask;
    for (let at = hash(first, last, length) & mask; ; at = (at + cells) & mask) {
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
    if ((this.#used + 1) * 2 * cells > this.#mask) this.#grow();
    this.#used += 1;
    const length = end - start;
    this.#place([
      firstWord(view, start, length),
      lastWord(view, start, length),
      length,
      id + 1,
      this.#poolEnd,
    ]);
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

  #place(entry: ArrayLike<number>): void {
    let at = hash(entry[0] ?? 0, entry[1] ?? 0, entry[2] ?? 0) & this.#mask;
    while (this.#table[at + 3] !== 0) at = (at + cells) & this.#mask;
    this.#table.set(entry, at);
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    this.#mask = this.#table.length - cells;
    for (let at = 0; at < old.length; at += cells)
      if (old[at + 3] !== 0) this.#place(old.subarray(at, at + cells));
  }
}

/** Keeps the bytes of a spelling shorter than a word; without a branch, because lengths come as they like. */
const wordMasks = Int32Array.of(0, 0xff, 0xffff, 0xffffff, -1);

function firstWord(view: DataView, start: number, length: number): number {
  return view.getInt32(start, true) & (wordMasks[Math.min(length, 4)] ?? 0);
}

/** The last four bytes, or the whole of a shorter spelling. */
function lastWord(view: DataView, start: number, length: number): number {
  return view.getInt32(start + Math.max(length - 4, 0), true) & (wordMasks[Math.min(length, 4)] ?? 0);
}

function hash(first: number, last: number, length: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(last + length, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
