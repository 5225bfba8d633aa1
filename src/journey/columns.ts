/** Columns of numbers that grow: 4 or 8 bytes a cell, whatever the number of rows. */
import { widenFloat64, widenInt32 } from '../attribution/journeys/growable.ts';

/** Any numbers. */
export class Column {
  #cells = new Float64Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Returns the place of the new cell. */
  push(value: number): number {
    this.#cells = widenFloat64(this.#cells, this.#length + 1);
    this.#cells[this.#length] = value;
    this.#length += 1;
    return this.#length - 1;
  }

  at(index: number): number {
    return this.#cells[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#cells[index] = value;
  }

  /** A view; it ends with the next `push`. */
  values(): Float64Array<ArrayBuffer> {
    return this.#cells.subarray(0, this.#length);
  }
}

/** Whole numbers of 32 bits. */
export class Whole {
  #cells = new Int32Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#cells = widenInt32(this.#cells, this.#length + 1);
    this.#cells[this.#length] = value;
    this.#length += 1;
  }

  at(index: number): number {
    return this.#cells[index] ?? 0;
  }

  values(): Int32Array<ArrayBuffer> {
    return this.#cells.subarray(0, this.#length);
  }
}
