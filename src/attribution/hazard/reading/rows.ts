/** Rows of a CSV file with a header, read from bytes: no string is made for a row that is as it should be. */

import { Problem } from '../../../support/problem.ts';
import { byte, type Dialect, endsField, usualDialect } from '../../reading/bytes.ts';
import { columnAt, columnsIn } from '../../reading/columns.ts';
import { delimiterName, type FileFormat } from '../../reading/dialect.ts';
import { type HeadSource, readHead } from '../../reading/head.ts';
import { type At, fieldEnd, unquoted } from '../../reading/odd.ts';
import { type Reading, readInPieces } from '../../run.ts';
import { Row } from './row.ts';

/**
 * Calls `take` for each row of the file with the wanted columns in their order; others are passed over. Blank lines
 * are no rows. Throws a `Problem` with `file:line` for a header that lacks a column and for rows of another width.
 */
export async function readRows(
  file: string,
  columns: readonly string[],
  take: (row: Row) => void,
  reading: Reading = {},
): Promise<void> {
  const rows = new Rows(file, columns, take, reading.format ?? {});
  await readInPieces(file, (bytes, start, end) => rows.read(bytes, start, end), reading);
  if (!rows.begun)
    throw new Problem('failed', 'The file is empty.', {
      where: file,
      remedy: `Its first line names the columns: ${columns.join(',')}.`,
    });
}

/** A column of the file that nobody asked for. */
const none = -1;

class Rows {
  begun = false;
  readonly #row: Row;
  readonly #columns: readonly string[];
  readonly #take: (row: Row) => void;
  /** Of each column of the file, which wanted one it is, or `none`. */
  #wanted = new Int32Array(0);
  #dialect: Dialect = usualDialect;
  readonly #head: HeadSource;

  constructor(file: string, columns: readonly string[], take: (row: Row) => void, format: FileFormat) {
    const score = (fields: readonly string[]) => columnsIn(fields, columns);
    this.#head = { file, format, header: true, score, enough: columns.length };
    this.#row = new Row(file, columns);
    this.#columns = columns;
    this.#take = take;
  }

  /** Reads the whole lines in `bytes[start, end)` and returns where the first unfinished one begins. */
  read(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (!this.begun) {
      at = this.#readHeader(bytes, end);
      if (!this.begun) return start;
    }
    for (;;) {
      const close = bytes.indexOf(byte.lineFeed, at);
      if (close < 0 || close >= end) return at;
      this.#row.line += 1;
      if (!blank(bytes, at, close)) this.#readRow(bytes, at);
      at = close + 1;
    }
  }

  /** Where the rows begin; 0 while the header is not there to its end. */
  #readHeader(bytes: Uint8Array, end: number): number {
    const head = readHead(bytes, end, this.#head);
    if (!head) return 0;
    const { fields: names } = head;
    this.#row.line = head.lines;
    for (const [index, name] of names.entries())
      if (this.#columns.includes(name) && names.indexOf(name) !== index)
        throw this.#row.refuse(`The header has the column "${name}" twice.`, 'Rename one of them.');
    const places = this.#columns.map((column) => columnAt(names, column, this.#row.where()));
    for (const [wanted, place] of places.entries())
      if (place < 0)
        throw this.#row.refuse(
          `There is no column "${this.#columns[wanted]}".`,
          `The header has: ${names.map((name) => `"${name}"`).join(', ')}.`,
        );
    this.#wanted = Int32Array.from(names, (_, index) => places.indexOf(index));
    this.#dialect = head.dialect;
    this.#row.dialect = head.dialect;
    this.begun = true;
    return head.start;
  }

  #readRow(bytes: Uint8Array, start: number): void {
    const row = this.#row;
    row.bytes = bytes;
    const { delimiter } = this.#dialect;
    let at = start;
    let field = 0;
    for (; ; field += 1, at += 1) {
      if (bytes[at] === byte.quote) {
        this.#readQuoted(bytes, start);
        return;
      }
      const from = at;
      while (!endsField(bytes, at, delimiter)) at += 1;
      const wanted = this.#wanted[field] ?? none;
      if (wanted !== none) row.place(wanted, from, at);
      if (bytes[at] !== delimiter) break;
    }
    this.#hand(field + 1);
  }

  /** A row with quotes in it: its fields are unquoted into bytes of their own. */
  #readQuoted(bytes: Uint8Array, start: number): void {
    const row = this.#row;
    const fields: Uint8Array[] = [];
    for (let at = start; ; at += 1) {
      const { content, next } = contentAt(bytes, at, { where: () => row.where(), dialect: this.#dialect });
      fields.push(content);
      at = next;
      if (bytes[at] !== this.#dialect.delimiter) break;
    }
    row.bytes = new Uint8Array(Buffer.concat(fields));
    let from = 0;
    for (const [field, { length }] of fields.entries()) {
      const wanted = this.#wanted[field] ?? none;
      if (wanted !== none) row.place(wanted, from, from + length);
      from += length;
    }
    this.#hand(fields.length);
  }

  #hand(width: number): void {
    const expected = this.#wanted.length;
    if (width !== expected)
      throw this.#row.refuse(
        `The row has ${width} fields, the header has ${expected}.`,
        `Quote a field that has ${delimiterName(String.fromCharCode(this.#dialect.delimiter))} in it.`,
      );
    this.#take(this.#row);
  }
}

/** The bytes of the field at `start`, and the position of the delimiter or line end after it. */
function contentAt(
  bytes: Uint8Array,
  start: number,
  place: At,
): { readonly content: Uint8Array; readonly next: number } {
  if (bytes[start] === byte.quote) return unquoted(bytes, start, place);
  const next = fieldEnd(bytes, start, place.dialect.delimiter);
  return { content: bytes.subarray(start, next), next };
}

/** True for a line that has nothing on it. */
function blank(bytes: Uint8Array, start: number, close: number): boolean {
  return close === start || (close === start + 1 && bytes[start] === byte.carriageReturn);
}
