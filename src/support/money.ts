/**
 * Money as integers. An amount is a count of the currency's smallest unit; decimal text is cut apart digit by
 * digit, never multiplied as a float, so that 1.005 or 0.1 + 0.2 cannot lose a cent.
 */

/** Decimals of the ISO 4217 currencies whose number of decimals is not two. */
const decimalsByCurrency: Readonly<Record<string, number>> = {
  BIF: 0,
  BYR: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/**
 * ISO 4217: the currencies in use, and those withdrawn since 2010 that old records may still name. A table, not
 * `Intl`: the list there also has currencies whose decimals nobody remembers, and changes with the runtime.
 */
const known: ReadonlySet<string> = new Set(
  `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
   CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
   GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
   LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB
   PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
   TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER
   ZAR ZMW ZWG
   ANG BYR CUC EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL`.split(/\s+/),
);

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/** How many decimals the currency has: JPY 0, USD 2, KWD 3. */
export function currencyDecimals(currency: string): number {
  return decimalsByCurrency[currency] ?? 2;
}

/** True for the code of a currency whose number of decimals is known. */
export function isCurrencyCode(text: string): boolean {
  return known.has(text);
}

/** True for what can only be meant as a code: three capital letters. */
export function looksLikeCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}

export const currencyCodes: readonly string[] = [...known];

/**
 * Minor units of a decimal amount, exactly; digits beyond the currency's decimals are rounded half away from
 * zero. Null for what is no plain decimal (`1,234.50` is refused: a comma means different things in different
 * places) and for amounts that an integer cannot hold exactly.
 */
export function toMinor(amount: string | number, currency: string): number | null {
  return minorOf(amount, currency, (rest) => (rest[0] ?? '0') >= '5');
}

/**
 * The same, never more than the amount: digits beyond the currency's decimals are cut off (1000.5 JPY is 1000). For
 * amounts that are shared out, because half a yen that is not there would be credited. What a calculation with floats
 * left a hundred-millionth short of the next unit is that unit.
 */
export function toMinorWithin(amount: string | number, currency: string): number | null {
  return minorOf(amount, currency, (rest) => rest.startsWith('99999999'));
}

/** `roundsUp` looks at the digits that the currency has no place for. */
function minorOf(
  amount: string | number,
  currency: string,
  roundsUp: (rest: string) => boolean,
): number | null {
  const parts = decimalText.exec(typeof amount === 'number' ? String(amount) : amount.trim());
  if (!parts) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return null;
  const places = whole.length + Number(exponent) + currencyDecimals(currency);
  const magnitude = integerOf(whole + fraction, places, roundsUp);
  if (magnitude > Number.MAX_SAFE_INTEGER) return null;
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}

/** The first `keep` digits as an integer, one more where the rest says so; zeros fill what is missing. */
function integerOf(digits: string, keep: number, roundsUp: (rest: string) => boolean): number {
  if (keep < 0) return 0;
  const kept = Number(digits.slice(0, keep).padEnd(keep, '0'));
  return roundsUp(digits.slice(keep)) ? kept + 1 : kept;
}

/** `1840000, USD` → `18400.00`; with the currency's own number of decimals. */
export function toDecimal(minor: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** For people: `18,400.00 USD`. */
export function formatMoney(minor: number, currency: string): string {
  const [whole = '', fraction] = toDecimal(minor, currency).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${grouped}${fraction === undefined ? '' : `.${fraction}`} ${currency}`;
}
