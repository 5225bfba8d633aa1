/** Literals made comparable with what a field of a given type holds. */
import { toId18 } from '../ids.ts';
import { type FieldDef, isNumeric, type Value } from '../schema/model.ts';
import { wireDate, wireTime } from '../time.ts';
import type { Literal } from './ast.ts';
import { soqlFault } from './fault.ts';
import { periodOf } from './periods.ts';
import type { Scope } from './realm.ts';

/** A value, or a period that stands for every moment in it. */
export type Operand = { readonly value: Value } | { readonly from: string; readonly to: string };

export function toOperand(scope: Scope, field: FieldDef, literal: Literal): Operand {
  if (literal.kind === 'null') return { value: null };
  if (literal.kind === 'range') return toPeriod(scope, field, literal);
  const value = toValue(scope, field, literal);
  if (value === undefined) throw mismatch(scope, field, literal);
  return { value };
}

/** As SystemModstamp is kept; a literal may have milliseconds, records have none. */
function exactTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}+0000`;
}

function toValue(scope: Scope, field: FieldDef, literal: Literal): Value | undefined {
  const { type } = field;
  if (isNumeric(type)) return literal.kind === 'number' ? literal.value : undefined;
  if (type === 'boolean') return literal.kind === 'boolean' ? literal.value : undefined;
  if (type === 'date') return literal.kind === 'date' ? literal.value : undefined;
  if (type === 'datetime') return literal.kind === 'datetime' ? exactTime(literal.value) : undefined;
  if (literal.kind !== 'string') return undefined;
  if (literal.value === '') return null;
  return type === 'id' || type === 'reference'
    ? toId(scope, field, literal.value, literal.at)
    : literal.value;
}

function toId(scope: Scope, field: FieldDef, text: string, at: number): string {
  const id = toId18(text);
  if (id !== undefined) return id;
  throw soqlFault('INVALID_QUERY_FILTER_OPERATOR', scope.text, at, `invalid ID field: ${text || field.name}`);
}

function toPeriod(scope: Scope, field: FieldDef, literal: Literal & { kind: 'range' }): Operand {
  if (field.type !== 'date' && field.type !== 'datetime') throw mismatch(scope, field, literal);
  const { from, to } = periodOf(literal.name, literal.count, scope.realm.now);
  const write = field.type === 'date' ? wireDate : wireTime;
  return { from: write(from), to: write(to) };
}

const quotedTypes = new Set(['id', 'reference']);

function mismatch(scope: Scope, { name, type }: FieldDef, literal: Literal): Error {
  const bare = isNumeric(type) || ['boolean', 'date', 'datetime'].includes(type);
  const wanted = quotedTypes.has(type) ? 'string' : type === 'datetime' ? 'dateTime' : bare ? type : 'string';
  const quotes = bare ? 'should not be enclosed in quotes' : 'should be enclosed in quotes';
  const message = `value of filter criterion for field '${name}' must be of type ${wanted} and ${quotes}`;
  return soqlFault('INVALID_FIELD', scope.text, literal.at, message);
}
