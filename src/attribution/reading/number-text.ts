/** Numbers as people and programs write them; what is none is refused with the way in which to write it. */
import type { Problem } from '../../support/problem.ts';
import { type Decimal, parseDecimal } from '../journeys/decimal.ts';
import { byte, type Dialect } from './bytes.ts';
import { type At, refusal } from './odd.ts';

/** A count: a whole number from 0 up (`3`, `3.0` and `3e2` are; `-3`, `0.5`, `NaN` and nothing are not). */
export function wholeNumber(text: string, column: string, place: At): number {
  const number = decimalOf(text, column, place);
  if (number && number.nanos === 0) return number.units;
  throw refusal(
    `"${text}" in ${column} is not a count.`,
    place.where(),
    `Counts are whole numbers from 0 up${asWritten(text, place.dialect, true)}.`,
  );
}

/** A value: a decimal from 0 up, no thousands separators. */
export function decimalIn(text: string, column: string, place: At): Decimal {
  const number = decimalOf(text, column, place);
  if (number) return number;
  throw notValue(text, column, place);
}

function notValue(text: string, column: string, place: At): Problem {
  const example = place.dialect.decimal === byte.comma ? '1234,50' : '1234.50';
  return refusal(
    `"${text}" in ${column} is not a value.`,
    place.where(),
    `Values are decimal numbers from 0 up, like ${example}${asWritten(text, place.dialect)}.`,
  );
}

function decimalOf(text: string, column: string, place: At): Decimal | null {
  assertClear(text, column, place);
  const pointed = withPoint(text, place.dialect);
  return pointed === null ? null : parseDecimal(pointed);
}

/** The number as programs write it; null where it has the other mark for decimals. */
export function withPoint(text: string, { decimal }: Dialect): string | null {
  if (decimal === byte.point) return text;
  return text.includes('.') ? null : text.replace(',', '.');
}

/** Throws for a number that would be another one elsewhere, where nobody said how the file writes them. */
export function assertClear(text: string, column: string, { where, dialect }: At): void {
  if (!dialect.doubtful || !/^[+-]?\d{1,3}\.\d{3}$/.test(text)) return;
  throw refusal(
    `"${text}" in ${column} may be ${text.replace('.', '')} or ${text.replace('.', ',')}.`,
    where(),
    'Say how the file writes decimals, with --decimal . or --decimal , and leave out thousands separators.',
  );
}

/** Signs and words around an amount, and all that parts thousands but point and comma. */
const decoration = /[\p{Sc}\p{L}\s\u00a0\u202f'’_]/gu;

/** How the number would be right, for one that can be guessed. */
export function asWritten(text: string, dialect: Dialect, whole = false): string {
  const bare = text.replace(decoration, '');
  const [match, before = '', mark = '', after = ''] = /^([\d.,]*?)(?:([.,])(\d*))?$/.exec(bare) ?? [];
  if (match === undefined || !/\d/.test(bare)) return '';
  const comma = dialect.decimal === byte.comma;
  const digits = before.replace(/[.,]/g, '');
  const thousands = after.length === 3 && (mark !== '.' || comma || before.includes(mark));
  const decimals = comma ? `${digits},${after}` : `${digits}.${after}`;
  if (mark === '') return `: write ${digits}`;
  if (before.includes(mark) || (whole && thousands)) return `: write ${digits}${after}`;
  if (whole) return '';
  const option = mark === ',' && !comma && digits === before ? ', or give --decimal ,' : '';
  return thousands && digits === before
    ? `: write ${digits}${after} or ${decimals}`
    : `: write ${decimals}${option}`;
}
