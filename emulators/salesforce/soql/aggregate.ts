import type { Json } from '../../../src/support/json.ts';
import { isNumeric } from '../schema/model.ts';
import type { Call } from './ast.ts';
import type { Column } from './columns.ts';
import { order } from './compare.ts';

/** Works on the values of one group, nulls left out. */
const functions: Readonly<Record<string, (values: readonly Json[]) => Json>> = {
  COUNT: (values) => values.length,
  COUNT_DISTINCT: (values) => new Set(values.map((value) => String(value).toLowerCase())).size,
  SUM: (values) => (values.length === 0 ? null : sum(values)),
  AVG: (values) => (values.length === 0 ? null : sum(values) / values.length),
  MIN: (values) => extreme(values, -1),
  MAX: (values) => extreme(values, 1),
};

export function isAggregate(fn: string): boolean {
  return fn in functions;
}

export function fitsAggregate(call: Call, column: Column): boolean {
  const { type, filterable } = column.field;
  if (!filterable || type === 'boolean' || type === 'address' || type === 'multipicklist') return false;
  return (call.fn !== 'SUM' && call.fn !== 'AVG') || isNumeric(type);
}

export function aggregate(fn: string, values: readonly Json[]): Json {
  return functions[fn]?.(values.filter((value) => value !== null)) ?? null;
}

function sum(values: readonly Json[]): number {
  return values.reduce<number>((total, value) => total + Number(value), 0);
}

function extreme(values: readonly Json[], sign: number): Json {
  let best: Json = values[0] ?? null;
  for (const value of values) if (order(value, best) * sign > 0) best = value;
  return best;
}
