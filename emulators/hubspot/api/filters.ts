/** What a search asks for, as a question to one record. */
import { z } from 'zod';
import { invalid } from '../state/refusal.ts';
import type { Values } from '../state/rows.ts';
import type { Property, Schema } from '../state/schema.ts';
import { readTime } from '../state/values.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
export const filterBody = z.object({
  propertyName: z.string(),
  operator: z.string(),
  value: text.optional(),
  highValue: text.optional(),
  values: z.array(text).optional(),
});
export type Filter = z.output<typeof filterBody>;
export type Matcher = (values: Values) => boolean;

/** A value made comparable: dates and numbers as numbers, texts in lower case. */
type Comparable = string | number;
type Test = (value: string, filter: Filter, property: Property) => boolean;

/** Whether a record without the value may match is the operator's affair. */
interface Operator {
  readonly test: Test;
  readonly blank: boolean;
  readonly needs: readonly ('value' | 'highValue' | 'values')[];
}

const one = ['value'] as const;
const list = ['values'] as const;
const compare = (holds: (order: number) => boolean): Operator => ({
  test: (value, filter, property) => holds(order(value, filter.value ?? '', property)),
  blank: false,
  needs: one,
});

const operators: Readonly<Record<string, Operator>> = {
  EQ: compare((order) => order === 0),
  NEQ: { ...compare((order) => order !== 0), blank: true },
  LT: compare((order) => order < 0),
  LTE: compare((order) => order <= 0),
  GT: compare((order) => order > 0),
  GTE: compare((order) => order >= 0),
  BETWEEN: {
    test: (value, { value: low = '', highValue: high = '' }, property) =>
      order(value, low, property) >= 0 && order(value, high, property) <= 0,
    blank: false,
    needs: ['value', 'highValue'],
  },
  IN: { test: isAmong, blank: false, needs: list },
  NOT_IN: { test: (value, filter, property) => !isAmong(value, filter, property), blank: true, needs: list },
  HAS_PROPERTY: { test: () => true, blank: false, needs: [] },
  NOT_HAS_PROPERTY: { test: () => false, blank: true, needs: [] },
  CONTAINS_TOKEN: { test: hasToken, blank: false, needs: one },
  NOT_CONTAINS_TOKEN: { test: (value, filter) => !hasToken(value, filter), blank: true, needs: one },
};

export function matcher(schema: Schema, filter: Filter): Matcher {
  const operator = operators[filter.operator];
  if (!operator) throw invalid(`Unknown operator: ${filter.operator}`);
  const property = schema.find(filter.propertyName);
  if (!property)
    throw invalid(`There was a problem with the request. Property ${filter.propertyName} does not exist`);
  for (const need of operator.needs) {
    if (filter[need] === undefined) throw invalid(`operator ${filter.operator} requires ${need}`);
  }
  return (values) => {
    const value = values[filter.propertyName];
    return value === undefined ? operator.blank : operator.test(value, filter, property);
  };
}

export function order(a: string, b: string, property: Property): number {
  const [left, right] = [comparable(a, property), comparable(b, property)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function comparable(value: string, { type }: Property): Comparable {
  if (type === 'number') return Number(value);
  if (type === 'date' || type === 'datetime') return readTime(value) ?? Number.NEGATIVE_INFINITY;
  return value.toLowerCase();
}

/** Text is compared in lower case, and only the stored side is lowered: an upper-case value never matches. */
function isAmong(value: string, { values = [] }: Filter, property: Property): boolean {
  if (property.type === 'string') return values.includes(value.toLowerCase());
  return values.some((candidate) => order(value, candidate, property) === 0);
}

/** Whole words, or parts of them with `*`. */
function hasToken(value: string, { value: wanted = '' }: Filter): boolean {
  const whole = value.toLowerCase();
  const pattern = wanted.toLowerCase();
  if (!pattern.includes('*')) return whole === pattern || whole.split(/[^\p{L}\p{N}]+/u).includes(pattern);
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 'u');
  return [whole, ...whole.split(/\s+/)].some((token) => expression.test(token));
}
