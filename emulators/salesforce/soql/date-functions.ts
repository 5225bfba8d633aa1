/**
 * Parts of dates, to group and filter by, in UTC:
 * https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_date_functions.htm
 */
import type { Json } from '../../../src/support/json.ts';
import { field } from '../schema/fields.ts';
import { wireDate } from '../time.ts';
import type { Call } from './ast.ts';
import { type Column, resolveColumn } from './columns.ts';
import { soqlFault } from './fault.ts';
import type { Scope } from './realm.ts';

const day = 24 * 60 * 60 * 1000;

const functions: Readonly<Record<string, (at: Date) => number | string>> = {
  CALENDAR_YEAR: (at) => at.getUTCFullYear(),
  CALENDAR_QUARTER: quarter,
  CALENDAR_MONTH: (at) => at.getUTCMonth() + 1,
  // This org's fiscal year is the calendar's.
  FISCAL_YEAR: (at) => at.getUTCFullYear(),
  FISCAL_QUARTER: quarter,
  FISCAL_MONTH: (at) => at.getUTCMonth() + 1,
  DAY_IN_WEEK: (at) => at.getUTCDay() + 1,
  DAY_IN_MONTH: (at) => at.getUTCDate(),
  DAY_IN_YEAR: dayInYear,
  // Weeks of a month or a year begin with its first day.
  WEEK_IN_MONTH: (at) => Math.ceil(at.getUTCDate() / 7),
  WEEK_IN_YEAR: (at) => Math.ceil(dayInYear(at) / 7),
  DAY_ONLY: (at) => wireDate(at.getTime()),
  HOUR_IN_DAY: (at) => at.getUTCHours(),
};

const ofTimesAlone = ['DAY_ONLY', 'HOUR_IN_DAY'];

export function isDateFunction(fn: string): boolean {
  return Object.hasOwn(functions, fn);
}

function quarter(at: Date): number {
  return Math.floor(at.getUTCMonth() / 3) + 1;
}

function dayInYear(at: Date): number {
  return Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / day) + 1;
}

/** `CALENDAR_YEAR(CreatedDate)` as a column of its own; undefined for any other call. */
export function dateColumn(scope: Scope, { fn, path, at }: Call): Column | undefined {
  const part = isDateFunction(fn) ? functions[fn] : undefined;
  if (part === undefined || path === undefined) return undefined;
  const column = resolveColumn(scope, path);
  const { name, type } = column.field;
  if (type !== 'datetime' && (type !== 'date' || ofTimesAlone.includes(fn))) {
    const message = `field ${name} does not support aggregate operator ${fn}`;
    throw soqlFault('MALFORMED_QUERY', scope.text, at, message);
  }
  const of = (value: Json) => (typeof value === 'string' ? part(new Date(value)) : null);
  return {
    names: [`${fn}(${column.names.join('.')})`],
    field: field(fn, fn, fn === 'DAY_ONLY' ? 'date' : 'int'),
    steps: column.steps,
    read: (row) => of(column.read(row)),
    readLast: (row) => of(column.readLast(row)),
  };
}
