/**
 * Pairs of small integers as slots 0, 1, 2 …, in the order in which they were first seen. A plain two-way table
 * while enough of it is filled, a hash table when not: finding a slot is one or two reads of memory.
 */
import { widenInt32 } from './growable.ts';

/** Two-way tables up to this many cells (64 MB) may be as empty as they like; beyond, an eighth must be filled. */
const roomy = 1 << 24;
const fullness = 8;

export class PairTable {
  size = 0;
  /** The pair of each slot. */
  firsts = new Int32Array(16);
  seconds = new Int32Array(16);
  /** Slot + 1 by `first * width + second`, or by hash; 0: free. */
  #cells = new Int32Array(1024);
  /** A power of two above every second; 0 once hashed. */
  #width = 32;
  #mask = 0;

  /** The pair's slot, or -1. */
  find(first: number, second: number): number {
    if (this.#width === 0) return this.#probe(first, second);
    if (second >= this.#width) return -1;
    return (this.#cells[first * this.#width + second] ?? 0) - 1;
  }

  /** The slot of a pair that `find` did not know. */
  insert(first: number, second: number): number {
    const slot = this.size;
    this.size += 1;
    this.firsts = widenInt32(this.firsts, this.size);
    this.seconds = widenInt32(this.seconds, this.size);
    this.firsts[slot] = first;
    this.seconds[slot] = second;
    this.#makeRoom(first, second);
    this.#place(slot);
    return slot;
  }

  #makeRoom(first: number, second: number): void {
    if (this.#width > 0) {
      let width = this.#width;
      while (width <= second) width *= 2;
      const needed = (first + 1) * width;
      if (width === this.#width && needed <= this.#cells.length) return;
      const cells = Math.max(needed, this.#cells.length * (width === this.#width ? 2 : 1));
      if (cells <= roomy || cells <= this.size * fullness) this.#rebuild(cells, width);
      else this.#rebuild(powerAbove(this.size * 4), 0);
    } else if (this.size * 2 > this.#cells.length) {
      this.#rebuild(this.#cells.length * 2, 0);
    }
  }

  #rebuild(cells: number, width: number): void {
    this.#cells = new Int32Array(cells);
    this.#width = width;
    this.#mask = cells - 1;
    for (let slot = 0; slot < this.size - 1; slot += 1) this.#place(slot);
  }

  #place(slot: number): void {
    const first = this.firsts[slot] ?? 0;
    const second = this.seconds[slot] ?? 0;
    let cell = first * this.#width + second;
    if (this.#width === 0) {
      cell = hash(first, second) & this.#mask;
      while (this.#cells[cell] !== 0) cell = (cell + 1) & this.#mask;
    }
    this.#cells[cell] = slot + 1;
  }

  #probe(first: number, second: number): number {
    for (let cell = hash(first, second) & this.#mask; ; cell = (cell + 1) & this.#mask) {
      const slot = (this.#cells[cell] ?? 0) - 1;
      if (slot < 0 || (this.firsts[slot] === first && this.seconds[slot] === second)) return slot;
    }
  }
}

function hash(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second + 0x7f4a7c15, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function powerAbove(needed: number): number {
  return 2 ** Math.ceil(Math.log2(needed));
}
