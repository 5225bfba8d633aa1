/**
 * Phone numbers. Only a number that exists in its country's plan is written as `+12125550100`; everything else stays
 * as typed. A number without a country code is read by the country of its record, never by guess.
 */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';

const e164 = /^\+[1-9]\d{6,14}$/;

/** The same with an extension, as it is written here. */
const complete = /^\+[1-9]\d{6,14}(?:x\d+)?$/;

/** Soft hyphens, zero-width characters and marks of writing direction: they come along when numbers are copied. */
const invisible = /\p{Cf}/gu;

/**
 * `+12125550100`, with an extension `+12125550100x12`. What is no valid number (`ask for Ann`, a number of another
 * country) stays as typed: losing or bending it would be worse. `country`: ISO 3166 code; null: not known, then
 * only international numbers are read.
 */
export function normalPhone(text: string, country: string | null): string {
  const typed = text.trim();
  if (e164.test(typed)) return typed;
  const plain = typed.replace(invisible, '').replace(/^tel:/i, '');
  return valid(plain, country) ?? valid(plain.replace(/^\(?00\)?\s*/, '+'), null) ?? typed;
}

/**
 * Whether both are written forms of one number. A number without a country code that would be the other one in the
 * other's country is that number: nothing would be gained by writing it over.
 */
export function samePhone(a: string, b: string): boolean {
  return a === b || isLocalFormOf(a, b) || isLocalFormOf(b, a);
}

function isLocalFormOf(local: string, international: string): boolean {
  if (!complete.test(international) || complete.test(local)) return false;
  const { country } = parsePhoneNumberFromString(international) ?? {};
  return country !== undefined && normalPhone(local, country) === international;
}

/** True for a complete international number that is valid: the only form that may serve as a key. */
export function isPhoneKey(text: string): boolean {
  return e164.test(text) && valid(text, null) === text;
}

export function isCountry(code: string): boolean {
  return isSupportedCountry(code);
}

function valid(text: string, country: string | null): string | null {
  const parsed = parsePhoneNumberFromString(text, { ...ofCountry(country), extract: false });
  if (!parsed?.isValid()) return null;
  return parsed.ext === undefined ? parsed.number : `${parsed.number}x${parsed.ext}`;
}

function ofCountry(code: string | null): { defaultCountry?: CountryCode } {
  return code !== null && isSupportedCountry(code) ? { defaultCountry: code } : {};
}
