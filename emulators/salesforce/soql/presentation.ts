/** Functions that say how a value is shown: in whose currency, and written as the user's locale writes it. */
import type { Json } from '../../../src/support/json.ts';
import { end, start } from '../rows/sorted.ts';
import type { FieldDef, Row } from '../schema/model.ts';
import type { Call, Path } from './ast.ts';
import { type Column, readThrough, resolveColumn } from './columns.ts';
import { soqlFault } from './fault.ts';
import type { Scope } from './realm.ts';

type Read = (row: Row) => Json;

const functions = ['TOLABEL', 'FORMAT', 'CONVERTCURRENCY'];

/** The column whose values are shown as the call says; undefined for any other call. */
export function presented(scope: Scope, call: Call): Column | undefined {
  const { fn, path } = call;
  if (path === undefined || !functions.includes(fn)) return undefined;
  const column = resolveColumn(scope, path);
  const converts = fn === 'CONVERTCURRENCY' || call.converted;
  const currency = currencyOf(scope, converts);
  const value = converts ? converter(scope, column, path) : column.readLast;
  const readLast = fn === 'FORMAT' ? formatter(scope, column.field, path, value, currency) : value;
  const { steps } = column;
  return { ...column, readLast, read: steps.length === 0 ? readLast : readThrough(steps, readLast) };
}

function converter(scope: Scope, { field, readLast }: Column, { at }: Path): Read {
  if (field.type !== 'currency')
    throw soqlFault('INVALID_FIELD', scope.text, at, `convertCurrency wants a currency field: ${field.name}`);
  const rows = currencies(scope);
  if (rows.length === 0)
    throw soqlFault('INVALID_FIELD', scope.text, at, 'convertCurrency wants an org with several currencies');
  const rates = new Map(rows.map((row) => [row.IsoCode, Number(row.ConversionRate)]));
  return (row) => {
    const value = readLast(row);
    return typeof value === 'number' ? value / (rates.get(row.CurrencyIsoCode ?? null) ?? 1) : value;
  };
}

/** Everybody here has the currency of the company. */
function currencyOf(scope: Scope, converted: boolean): (row: Row) => string | undefined {
  const own = currencies(scope).find((row) => row.IsCorporate === true)?.IsoCode;
  return (row) => (own === undefined ? undefined : String(converted ? own : (row.CurrencyIsoCode ?? own)));
}

function currencies({ realm }: Scope): readonly Row[] {
  const object = realm.object('CurrencyType');
  return object === undefined ? [] : realm.range(object, start, end, false).toArray();
}

const numbers: readonly string[] = ['int', 'double', 'percent', 'currency'];

/** The locale of everybody here is en_US. Only what is known of how it writes is written. */
function formatter(
  scope: Scope,
  { name, type, scale }: FieldDef,
  { at }: Path,
  read: Read,
  currency: (row: Row) => string | undefined,
): Read {
  if (!numbers.includes(type)) {
    const message = `FORMAT of numbers and currencies only is emulated; ${name} is a ${type}`;
    throw soqlFault('MALFORMED_QUERY', scope.text, at, message);
  }
  return (row) => {
    const value = read(row);
    if (typeof value !== 'number') return value;
    const code = type === 'currency' ? currency(row) : undefined;
    return code === undefined ? plain(value, scale) : inCurrency(value, code, scale);
  };
}

function plain(value: number, scale: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: scale, maximumFractionDigits: scale });
}

/** `USD 1,234.50`, as orgs with several currencies write it; with no more decimals than the currency has. */
function inCurrency(value: number, currency: string, scale: number): string {
  const style = { style: 'currency', currency, currencyDisplay: 'code' } as const;
  const { maximumFractionDigits: most = 2 } = new Intl.NumberFormat('en-US', style).resolvedOptions();
  const digits = Math.min(scale, most);
  const written = { ...style, minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString('en-US', written).replace(/\u00a0/g, ' ');
}
