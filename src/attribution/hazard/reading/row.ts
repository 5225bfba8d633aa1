/** One row of a table, as positions in the bytes it was read from. */
import type { Problem } from '../../../support/problem.ts';
import { byte, type Dialect, slack, usualDialect } from '../../reading/bytes.ts';
import { assertClear, asWritten, withPoint } from '../../reading/number-text.ts';
import { refusal } from '../../reading/odd.ts';

/** Digits whose number is below 2^53, so that one division gives the nearest double. */
const safeDigits = 15;
const blank = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** From here on a byte is part of a longer character, or of none. */
const beyondAscii = 0x80;

/** Bytes `[start, end)`. */
export interface Bytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Valid until the next row is read. Fields are the wanted columns, in the order in which they were wanted. */
export class Row {
  line = 0;
  dialect: Dialect = usualDialect;
  bytes: Uint8Array = new Uint8Array(slack);
  readonly #file: string;
  readonly #columns: readonly string[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;

  constructor(file: string, columns: readonly string[]) {
    this.#file = file;
    this.#columns = columns;
    this.#starts = new Int32Array(columns.length);
    this.#ends = new Int32Array(columns.length);
  }

  /** Says where a field lies; blanks around it are not part of it. */
  place(field: number, start: number, end: number): void {
    let from = start;
    let to = end;
    while (from < to && this.bytes[from] === blank) from += 1;
    while (from < to && this.bytes[to - 1] === blank) to -= 1;
    this.#starts[field] = from;
    this.#ends[field] = to;
  }

  start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  end(field: number): number {
    return this.#ends[field] ?? 0;
  }

  text(field: number): string {
    try {
      return utf8.decode(this.bytes.subarray(this.start(field), this.end(field)));
    } catch {
      throw this.refuse(`The ${this.#columns[field]} is not UTF-8.`, 'Save the file as UTF-8.');
    }
  }

  /**
   * The bytes of a name, the same ones for all ways to compose its characters
   * (https://unicode.org/reports/tr15/). Refuses bytes that are no text: two names of such bytes would be
   * printed alike.
   */
  name(field: number): Bytes {
    const plain = { bytes: this.bytes, start: this.start(field), end: this.end(field) };
    for (let at = plain.start; at < plain.end; at += 1)
      if ((this.bytes[at] ?? 0) >= beyondAscii) return composed(this.text(field), plain);
    return plain;
  }

  /** A decimal number. NaN, infinities, blanks and thousands separators are refused. */
  number(field: number): number {
    const { decimal, doubtful } = this.dialect;
    const plain = doubtful ? -1 : plainNumber(this.bytes, this.start(field), this.end(field), decimal);
    return plain >= 0 ? plain : this.#oddNumber(field);
  }

  where(): string {
    return `${this.#file}:${this.line}`;
  }

  refuse(message: string, remedy: string): Problem {
    return refusal(message, this.where(), remedy);
  }

  #oddNumber(field: number): number {
    const given = this.text(field);
    assertClear(given, this.#columns[field] ?? '', { where: () => this.where(), dialect: this.dialect });
    const text = withPoint(given, this.dialect) ?? '';
    const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;
    if (Number.isFinite(number)) return number;
    const like = this.dialect.decimal === byte.comma ? '12,5' : '12.5';
    throw this.refuse(
      `"${given}" in ${this.#columns[field]} is not a number.`,
      `Write it like ${like}${asWritten(given, this.dialect)}.`,
    );
  }
}

function composed(text: string, plain: Bytes): Bytes {
  const name = text.normalize('NFC');
  if (name === text) return plain;
  const bytes = new TextEncoder().encode(name);
  return { bytes, start: 0, end: bytes.length };
}

/** What digits with at most one decimal mark between them say, or -1. */
function plainNumber(bytes: Uint8Array, start: number, end: number, decimal: number): number {
  let number = 0;
  let scale = 0;
  for (let at = start; at < end; at += 1) {
    const here = bytes[at] ?? 0;
    if (here === decimal && scale === 0) scale = 1;
    else if (here >= byte.zero && here <= byte.zero + 9) {
      number = number * 10 + here - byte.zero;
      scale *= 10;
    } else return -1;
  }
  const digits = end - start - (scale > 0 ? 1 : 0);
  return digits === 0 || digits > safeDigits ? -1 : number / (scale || 1);
}
