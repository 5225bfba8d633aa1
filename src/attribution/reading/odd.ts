/** Fields that are not plain: quoted, signed, blank, with exponents; and what is refused, by name and line. */
import { Problem } from '../../support/problem.ts';
import { type Decimal, parseDecimal } from '../journeys/decimal.ts';
import { byte, endsField } from './bytes.ts';

type Where = () => string;

const decoder = new TextDecoder();

export function refusal(message: string, where: string, remedy: string): Problem {
  return new Problem('failed', message, { where, remedy });
}

/** The field's text without quotes and blanks around it, and the position of the comma or line end after it. */
export function fieldAt(bytes: Uint8Array, start: number, where: Where): { text: string; next: number } {
  if (bytes[start] === byte.quote) {
    const { content, next } = unquoted(bytes, start, where);
    return { text: decoder.decode(content).trim(), next };
  }
  const next = fieldEnd(bytes, start);
  return { text: decoder.decode(bytes.subarray(start, next)).trim(), next };
}

/** The position of the comma or line end after the plain field at `start`. */
export function fieldEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (!endsField(bytes, at)) at += 1;
  return at;
}

/** The content of the quoted field at `start`, doubled quotes made single, and the position after it. */
export function unquoted(
  bytes: Uint8Array,
  start: number,
  where: Where,
): { content: Uint8Array; next: number } {
  const content: number[] = [];
  let at = start + 1;
  for (; ; at += 1) {
    const here = bytes[at] ?? byte.lineFeed;
    if (here === byte.lineFeed)
      throw refusal('A quote is opened and never closed.', where(), 'Close it on its line.');
    if (here === byte.quote) {
      if (bytes[at + 1] !== byte.quote) break;
      at += 1;
    }
    content.push(here);
  }
  if (!endsField(bytes, at + 1))
    throw refusal(
      'There is text after a closing quote.',
      where(),
      'Double the quotes inside a quoted field.',
    );
  return { content: Uint8Array.from(content), next: at + 1 };
}

/** A count: a whole number from 0 up (`3`, `3.0` and `3e2` are; `-3`, `0.5`, `NaN` and nothing are not). */
export function wholeNumber(text: string, column: string, where: Where): number {
  const number = parseDecimal(text);
  if (number && number.nanos === 0) return number.units;
  throw refusal(`"${text}" in ${column} is no count.`, where(), 'Counts are whole numbers from 0 up.');
}

/** A value: a decimal from 0 up with a point, no thousands separators. */
export function decimalIn(text: string, column: string, where: Where): Decimal {
  const number = parseDecimal(text);
  if (number) return number;
  throw refusal(
    `"${text}" in ${column} is no value.`,
    where(),
    'Values are decimal numbers from 0 up, like 1234.50.',
  );
}

/** The fields of a header line. */
export function headerFields(line: string, where: Where): string[] {
  const bytes = new TextEncoder().encode(`${line}\n`);
  const fields: string[] = [];
  for (let at = 0; ; at += 1) {
    const { text, next } = fieldAt(bytes, at, where);
    fields.push(text);
    if (bytes[next] !== byte.comma) return fields;
    at = next;
  }
}
