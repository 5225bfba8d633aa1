/**
 * The kinds of canonical value, each with its way in from a vendor's JSON and its way out again. Reading gives
 * null for a blank and undefined for what cannot be read; neither ever throws.
 */
import type { CanonicalValue, FieldKind, Money } from '../canonical/model.ts';
import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import { isCurrencyCode, toDecimal, toMinor } from '../support/money.ts';
import type { ReadContext, Reader } from './path.ts';
import { normalPhone } from './phone.ts';
import { parseDate, parseTime } from './time.ts';

export interface Codec {
  /** `value` is never blank. `body` and `context` are there for what stands beside it (a currency field). */
  read(value: Json, body: JsonObject, context: ReadContext): CanonicalValue | undefined;
  /** `value` is never null. Undefined: no value of this kind. */
  write(value: NonNullable<CanonicalValue>): Json | undefined;
  /** Whether the value that a system holds means the wanted one; absent: they have to be equal. */
  same?(held: CanonicalValue, wanted: CanonicalValue | undefined): boolean;
}

/** What an admin may set in `as` or in the file's `defaults`. */
export interface CodecSettings {
  /** ISO 3166 code for phone numbers without a country code. */
  readonly country: string;
  /** ISO 4217 code for amounts whose record names no currency. */
  readonly currency: string;
  readonly currencyField?: Reader;
  /** IANA name, for times without an offset. */
  readonly zone: string;
  readonly separator: string;
  /** The system holds every value as text; money is then written with its decimals. */
  readonly text: boolean;
}

export const codecOf: Readonly<Record<FieldKind, (settings: CodecSettings) => Codec>> = {
  text: () => ({ read: plainText, write: plainText }),
  email: () => ({ read: readEmail, write: asText }),
  phone: ({ country }) => ({
    read: (value) => onText(value, (text) => normalPhone(text, country)),
    write: asText,
  }),
  url: () => ({ read: (value) => onText(value, withScheme), write: asText }),
  number: () => ({ read: readNumber, write: (value) => (typeof value === 'number' ? value : undefined) }),
  money: moneyCodec,
  boolean: () => ({ read: readBoolean, write: (value) => (typeof value === 'boolean' ? value : undefined) }),
  time: ({ zone }) => ({
    read: (value) => (isScalarText(value) ? parseTime(value, zone) : undefined),
    write: (value) => (typeof value === 'number' ? new Date(value).toISOString() : undefined),
    same: (held, wanted) => held === wanted || held === wholeSecond(wanted),
  }),
  date: () => ({ read: (value) => (isScalarText(value) ? parseDate(value) : undefined), write: asText }),
  list: ({ separator }) => ({
    read: (value) => readList(value, separator),
    write: (value) => (isTextList(value) ? value.join(separator) : undefined),
  }),
};

/** What is left of a time where a system keeps no fractions (Salesforce: dateTime in its field type reference). */
function wholeSecond(value: CanonicalValue | undefined): number | undefined {
  return typeof value === 'number' ? Math.floor(value / 1_000) * 1_000 : undefined;
}

export function isBlank(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0;
}

export function isMoney(value: CanonicalValue | undefined): value is Money {
  return typeof value === 'object' && value !== null && 'minor' in value;
}

function isTextList(value: CanonicalValue): value is readonly string[] {
  return Array.isArray(value);
}

function isScalarText(value: Json): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function asText(value: Json | CanonicalValue): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function plainText(value: Json | CanonicalValue): string | undefined {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function onText(value: Json, change: (text: string) => string): string | undefined {
  const text = plainText(value);
  return text === undefined ? undefined : change(text);
}

const emailShape = /^[^\s\p{Cc}@<>,;:"]+@[^\s\p{Cc}@<>,;:"]+\.[^\s\p{Cc}@<>,;:".]{2,}$/u;

/** One address and nothing else; whether anybody reads mail there is another matter. */
export function isEmail(text: string): boolean {
  return emailShape.test(text);
}

/** Lower case: no mail system in use tells addresses apart by case. */
function readEmail(value: Json): string | undefined {
  const text = plainText(value)?.toLowerCase();
  return text !== undefined && isEmail(text) ? text : undefined;
}

function withScheme(text: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(text) || !text.includes('.')
    ? text
    : `https://${text.replace(/^\/+/, '')}`;
}

function readNumber(value: Json): number | undefined {
  const number = typeof value === 'string' ? Number(value.trim()) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

const yes: ReadonlySet<string> = new Set(['true', 'yes', 'y', 'on', '1']);
const no: ReadonlySet<string> = new Set(['false', 'no', 'n', 'off', '0']);

function readBoolean(value: Json): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = plainText(value)?.toLowerCase() ?? '';
  return yes.has(word) ? true : no.has(word) ? false : undefined;
}

function moneyCodec({ currency, currencyField, text }: CodecSettings): Codec {
  return {
    read: (value, body, context) => {
      const told = currencyField?.(body, context);
      const code = typeof told === 'string' && isCurrencyCode(told) ? told : currency;
      const minor = isScalarText(value) ? toMinor(value, code) : null;
      return minor === null ? undefined : { minor, currency: code };
    },
    write: (value) => {
      if (!isMoney(value)) return undefined;
      const decimal = toDecimal(value.minor, value.currency);
      return text ? decimal : Number(decimal);
    },
  };
}

/** Sorted and without repeats: the order in which a CRM lists chosen options means nothing. */
function readList(value: Json, separator: string): readonly string[] | null | undefined {
  const items = Array.isArray(value)
    ? value.map(String)
    : isScalarText(value)
      ? String(value).split(separator)
      : undefined;
  if (items === undefined || isJsonObject(value)) return undefined;
  const cleaned = [...new Set(items.map((item) => item.trim()).filter((item) => item !== ''))].sort();
  return cleaned.length === 0 ? null : cleaned;
}

/** Equal as canonical values. */
export function sameCanonical(a: CanonicalValue | undefined, b: CanonicalValue | undefined): boolean {
  if (a === b) return true;
  if (isMoney(a) && isMoney(b)) return a.minor === b.minor && a.currency === b.currency;
  return (
    Array.isArray(a) &&
    Array.isArray(b) &&
    a.length === b.length &&
    a.every((item, index) => item === b[index])
  );
}
