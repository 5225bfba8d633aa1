/**
 * Money as integers. An amount is a count of the currency's smallest unit; decimal text is cut apart digit by
 * digit, never multiplied as a float, so that 1.005 or 0.1 + 0.2 cannot lose a cent.
 */

/** Decimals of the ISO 4217 currencies whose number of decimals is not two. */
const decimalsByCurrency: Readonly<Record<string, number>> = {
  BIF: 0,
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

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/** How many decimals the currency has: JPY 0, USD 2, KWD 3. */
export function currencyDecimals(currency: string): number {
  return decimalsByCurrency[currency] ?? 2;
}

/** True for three capital letters: the shape of an ISO 4217 code, not its existence. */
export function isCurrencyCode(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}

/**
 * Minor units of a decimal amount, exactly; digits beyond the currency's decimals are rounded half away from
 * zero. Null for what is no plain decimal (`1,234.50` is refused: a comma means different things in different
 * places) and for amounts that an integer cannot hold exactly.
 */
export function toMinor(amount: string | number, currency: string): number | null {
  const parts = decimalText.exec(typeof amount === 'number' ? String(amount) : amount.trim());
  if (!parts) return null;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (whole === '' && fraction === '') return null;
  const magnitude = roundedInteger(
    whole + fraction,
    whole.length + Number(exponent) + currencyDecimals(currency),
  );
  if (magnitude > Number.MAX_SAFE_INTEGER) return null;
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}

/** The first `keep` digits as an integer, rounded half up by the digit that follows; zeros fill what is missing. */
function roundedInteger(digits: string, keep: number): number {
  if (keep < 0) return 0;
  const kept = Number(digits.slice(0, keep).padEnd(keep, '0'));
  return (digits[keep] ?? '0') >= '5' ? kept + 1 : kept;
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
