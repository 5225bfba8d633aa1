/** Counts and values from bytes. Plain digits are added up as they come; anything else goes through text. */
import { type Decimal, nanosPerUnit } from '../journeys/decimal.ts';
import { byte, endsField, type Place } from './bytes.ts';
import { decimalIn, wholeNumber } from './number-text.ts';
import { fieldAt } from './odd.ts';

/** A number of this many digits is below 2^53. */
const safeDigits = 15;

export class NumberReader {
  /** Where the last field ended. */
  end = 0;
  /** The last value. */
  units = 0;
  nanos = 0;
  readonly #place: Place;
  readonly #delimiter: number;
  readonly #decimal: number;

  constructor(place: Place) {
    this.#place = place;
    this.#delimiter = place.dialect.delimiter;
    this.#decimal = place.dialect.decimal;
  }

  /** The count in the field at `start`. */
  count(bytes: Uint8Array, start: number, field: number): number {
    const only = (bytes[start] ?? 0) - byte.zero;
    const after = bytes[start + 1];
    if (only >= 0 && only <= 9 && (after === this.#delimiter || after === byte.lineFeed)) {
      this.end = start + 1;
      return only;
    }
    const count = this.#digits(bytes, start);
    const length = this.end - start;
    if (length > 0 && length <= safeDigits && endsField(bytes, this.end, this.#delimiter)) return count;
    const { text, next } = fieldAt(bytes, start, this.#place);
    this.end = next;
    return wholeNumber(text, this.#name(field), this.#place);
  }

  /** Reads the value in the field at `start` into `units` and `nanos`. */
  value(bytes: Uint8Array, start: number, field: number): void {
    const units = this.#digits(bytes, start);
    const whole = this.end - start;
    let nanos = 0;
    let decimals = 0;
    if (bytes[this.end] === this.#decimal) {
      const from = this.end + 1;
      nanos = this.#digits(bytes, from);
      decimals = this.end - from;
    }
    const clear = decimals !== 3 || !this.#place.dialect.doubtful;
    if (
      clear &&
      whole > 0 &&
      whole <= safeDigits &&
      decimals <= 9 &&
      endsField(bytes, this.end, this.#delimiter)
    ) {
      this.units = units;
      this.nanos = nanos * (nanosPerUnit / 10 ** decimals);
    } else this.#oddValue(bytes, start, field);
  }

  #oddValue(bytes: Uint8Array, start: number, field: number): void {
    const { text, next } = fieldAt(bytes, start, this.#place);
    const value: Decimal = decimalIn(text, this.#name(field), this.#place);
    this.end = next;
    this.units = value.units;
    this.nanos = value.nanos;
  }

  #digits(bytes: Uint8Array, start: number): number {
    let number = 0;
    let at = start;
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - byte.zero;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    this.end = at;
    return number;
  }

  #name(field: number): string {
    return this.#place.fields[field] ?? '';
  }
}
