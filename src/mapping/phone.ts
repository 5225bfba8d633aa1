import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

const e164 = /^\+[1-9]\d{6,14}$/;

/**
 * `+12125550100`, with an extension `+12125550100x12`. What is no phone number (`ask for Ann`) stays as typed:
 * people keep such notes in phone fields, and losing them would be worse.
 */
export function normalPhone(text: string, country: string): string {
  const typed = text.trim();
  if (e164.test(typed)) return typed;
  const parsed = parsePhoneNumberFromString(typed, { defaultCountry: countryCode(country), extract: false });
  if (!parsed?.isPossible()) return typed;
  return parsed.ext === undefined ? parsed.number : `${parsed.number}x${parsed.ext}`;
}

/** True for a complete international number, the only form that may serve as a key. */
export function isE164(text: string): boolean {
  return e164.test(text);
}

export function isCountry(code: string): boolean {
  return isSupportedCountry(code);
}

function countryCode(code: string): CountryCode {
  return isSupportedCountry(code) ? code : 'US';
}
