/**
 * Decimal numbers as whole units and billionths, each an integer in a double: sums of them are exact, so that
 * neither the order of the lines nor taking a journey back out can change a cent.
 */
export const nanosPerUnit = 1_000_000_000;

export interface Decimal {
  readonly units: number;
  /** `0 ≤ nanos < 1e9`. */
  readonly nanos: number;
}

const shape = /^\+?(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;

/**
 * A decimal ≥ 0 from text (`12`, `0.244`, `1.5e-3`); digits beyond the ninth decimal are rounded half up. Null for
 * what is no such number, or one whose whole part an integer cannot hold exactly.
 */
export function parseDecimal(text: string): Decimal | null {
  const [match, whole = '', fraction = '', exponent = '0'] = shape.exec(text) ?? [];
  if (match === undefined || whole + fraction === '') return null;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits;
  const units = Number(padded.slice(0, Math.max(0, point)).padEnd(Math.max(0, point), '0'));
  const rest = padded.slice(Math.max(0, point));
  const nanos = Number(rest.slice(0, 9).padEnd(9, '0')) + ((rest[9] ?? '0') >= '5' ? 1 : 0);
  const carried = nanos === nanosPerUnit ? { units: units + 1, nanos: 0 } : { units, nanos };
  return Number.isSafeInteger(carried.units) ? carried : null;
}

/** The nearest double. */
export function decimalNumber(units: number, nanos: number): number {
  return units + nanos / nanosPerUnit;
}
