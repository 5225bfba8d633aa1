/**
 * Names as small integers, in the order in which they were first seen, found by their bytes. All bytes count in the
 * hash: user names often share their beginning and their end (`…@example.com`).
 */
import { widenInt32, widenUint8 } from '../../journeys/growable.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Callers make sure that a name is UTF-8. */
export class Ids {
  size = 0;
  /** The bytes of name n are `[#starts[n], #starts[n + 1])` of the pool. */
  #starts = new Int32Array(16);
  #pool = new Uint8Array(4096);
  /** Id + 1 by hash; 0: free. */
  #table = new Int32Array(1024);

  /** The id of the bytes `[start, end)`, or -1. */
  find(bytes: Uint8Array, start: number, end: number): number {
    return (this.#table[this.#cell(bytes, start, end)] ?? 0) - 1;
  }

  /** Gives an id to bytes that `find` did not know. */
  add(bytes: Uint8Array, start: number, end: number): number {
    if (this.size * 2 >= this.#table.length) this.#grow();
    const id = this.size;
    this.#table[this.#cell(bytes, start, end)] = id + 1;
    const from = this.#starts[id] ?? 0;
    this.#pool = widenUint8(this.#pool, from + end - start);
    this.#pool.set(bytes.subarray(start, end), from);
    this.size += 1;
    this.#starts = widenInt32(this.#starts, this.size + 1);
    this.#starts[this.size] = from + end - start;
    return id;
  }

  name(id: number): string {
    return utf8.decode(this.#pool.subarray(this.#starts[id], this.#starts[id + 1]));
  }

  names(): string[] {
    return Array.from({ length: this.size }, (_, id) => this.name(id));
  }

  #cell(bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#table.length - 1;
    for (let cell = hash(bytes, start, end) & mask; ; cell = (cell + 1) & mask) {
      const id = (this.#table[cell] ?? 0) - 1;
      if (id < 0 || this.#same(id, bytes, start, end)) return cell;
    }
  }

  #same(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[id] ?? 0;
    if ((this.#starts[id + 1] ?? 0) - from !== end - start) return false;
    for (let at = start; at < end; at += 1) if (bytes[at] !== this.#pool[from + at - start]) return false;
    return true;
  }

  #grow(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let id = 0; id < this.size; id += 1) {
      const [start = 0, end = 0] = this.#starts.subarray(id, id + 2);
      this.#table[this.#cell(this.#pool, start, end)] = id + 1;
    }
  }
}

/** FNV-1a, with its bits stirred once more: only the lowest are used. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let bits = 0x811c9dc5;
  for (let at = start; at < end; at += 1) bits = Math.imul(bits ^ (bytes[at] ?? 0), 0x01000193);
  return bits ^ (bits >>> 15);
}
