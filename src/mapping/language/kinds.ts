/**
 * The kinds of canonical value, each with its way in from a vendor's JSON and its way out again. Reading gives
 * null for a blank and undefined for what cannot be read; neither ever throws.
 */
import { readAddress, sameAddress } from '../../canonical/address.ts';
import type { CanonicalValue, FieldKind, Money } from '../../canonical/model.ts';
import { countryOf } from '../../support/country.ts';
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import { isCurrencyCode, toDecimal, toMinorWithin } from '../../support/money.ts';
import type { ReadContext, Reader } from './path.ts';
import { normalPhone, samePhone } from './phone.ts';
import { parseDate, parseEnd, parseTime } from './time.ts';

export interface Codec {
  /** `value` is never blank. `body` and `context` are there for what stands beside it (a currency field). */
  read(value: Json, body: JsonObject, context: ReadContext): CanonicalValue | undefined;
  /** `value` is never null. Undefined: no value of this kind. */
  write(value: NonNullable<CanonicalValue>): Json | undefined;
  /** Why the value must not stand in that record; absent or undefined: it may. */
  bars?(value: NonNullable<CanonicalValue>, body: JsonObject, context: ReadContext): string | undefined;
  /** The path of the field that says the currency. */
  readonly currencyPath?: string;
  /** Whether the value that a system holds means the wanted one; absent: they have to be equal. */
  same?(held: CanonicalValue, wanted: CanonicalValue | undefined): boolean;
}

/** What an admin may set in `as` or in the file's `defaults`. */
export interface CodecSettings {
  /** ISO 3166 code for phone numbers without a country code whose record names no country; null: not known. */
  readonly country: string | null;
  /** Where a record says its country, in whatever words. */
  readonly countryField?: Reader;
  /** ISO 4217 code for amounts where neither the record nor its system names a currency. */
  readonly currency: string;
  /** The mapping says that all amounts of this field are in `currency`. */
  readonly currencyIsFixed?: boolean;
  readonly currencyField?: Reader;
  /** Where that field stands, as the mapping says it. */
  readonly currencyPath?: string;
  /** IANA name, for times without an offset. */
  readonly zone: string;
  /** A date alone means the end of its day. */
  readonly isEnd?: boolean;
  readonly separator: string;
  /** The system holds every value as text; money is then written with its decimals. */
  readonly text: boolean;
}

export const codecOf: Readonly<Record<FieldKind, (settings: CodecSettings) => Codec>> = {
  text: () => ({ read: plainText, write: plainText }),
  email: () => ({ read: readEmail, write: asText, same: sameText(sameAddress) }),
  phone: (settings) => ({
    read: (value, body, context) =>
      onText(value, (text) => normalPhone(text, countryHere(settings, body, context))),
    write: asText,
    same: sameText(samePhone),
  }),
  url: () => ({ read: (value) => onText(value, withScheme), write: asText }),
  number: () => ({ read: readNumber, write: (value) => (typeof value === 'number' ? value : undefined) }),
  money: moneyCodec,
  boolean: () => ({ read: readBoolean, write: (value) => (typeof value === 'boolean' ? value : undefined) }),
  time: ({ zone, isEnd }) => ({
    read: (value) => (isScalarText(value) ? (isEnd ? parseEnd : parseTime)(value, zone) : undefined),
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

/** One address and nothing else; whether anybody reads mail there is another matter. */
function readEmail(value: Json): string | undefined {
  const text = plainText(value);
  return text === undefined ? undefined : (readAddress(text) ?? undefined);
}

/** A system that holds another written form of a text holds the text. */
function sameText(same: (held: string, wanted: string) => boolean): NonNullable<Codec['same']> {
  return (held, wanted) =>
    held === wanted || (typeof held === 'string' && typeof wanted === 'string' && same(held, wanted));
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

/** The record's own country first. One that it names and nobody knows must not be taken for another. */
export function countryHere(
  { country, countryField }: Pick<CodecSettings, 'country' | 'countryField'>,
  body: JsonObject,
  context: ReadContext,
): string | null {
  const told = countryField?.(body, context);
  return told === undefined || isBlank(told) ? country : countryOf(String(told));
}

function moneyCodec(settings: CodecSettings): Codec {
  const { text, currencyPath } = settings;
  return {
    ...(currencyPath === undefined ? {} : { currencyPath }),
    read: (value, body, context) => {
      const code = currencyHere(settings, body, context);
      if (code === null)
        context.warn(currencyPath ?? '', 'is not a currency of ISO 4217; the amount is not known');
      const minor = code !== null && isScalarText(value) ? toMinorWithin(value, code) : null;
      return code === null || minor === null ? undefined : { minor, currency: code };
    },
    bars: (value, body, context) => {
      const code = currencyHere(settings, body, context);
      if (!isMoney(value) || code === value.currency) return undefined;
      return `is in ${value.currency} and the record in ${code ?? 'a currency that is not known'}; the hub converts no amounts`;
    },
    write: (value) => {
      if (!isMoney(value)) return undefined;
      const decimal = toDecimal(value.minor, value.currency);
      return text ? decimal : Number(decimal);
    },
  };
}

/**
 * The record's own currency, else its system's, else the mapping's. Null for a code that nobody knows: how many
 * decimals its amounts have is not known either.
 */
function currencyHere(
  {
    currency,
    currencyIsFixed,
    currencyField,
  }: Pick<CodecSettings, 'currency' | 'currencyIsFixed' | 'currencyField'>,
  body: JsonObject,
  context: ReadContext,
): string | null {
  const told = currencyField?.(body, context);
  if (told === undefined || isBlank(told))
    return currencyIsFixed ? currency : (context.record.currency ?? currency);
  const code = String(told).trim().toUpperCase();
  return isCurrencyCode(code) ? code : null;
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
