/** Conditions compiled to tests of a record, and to the stretch of the table in which they can hold. */
import type { Json } from '../../../src/support/json.ts';
import type { FieldDef, Row } from '../schema/model.ts';
import { isText } from '../schema/model.ts';
import type { Condition, ListCondition, Operand } from './ast.ts';
import { comparison, folder, type Test } from './compare.ts';
import { soqlFault } from './fault.ts';
import { toOperand } from './literal.ts';
import type { Scope } from './realm.ts';
import { anywhere, idSpan, intersect, type Span, stampSpan, unite } from './span.ts';

/** What stands on the left: a column of the record, or of a group in HAVING. */
export interface Left<T> {
  readonly field: FieldDef;
  readonly read: (subject: T) => Json;
  /** A field of the record itself, not of a parent. */
  readonly own: boolean;
}

export interface Filter<T> {
  readonly test: (subject: T) => boolean;
  readonly span: Span;
  /** Nothing else can pass the test. */
  readonly ids?: readonly string[] | undefined;
}

export interface Compiler<T> {
  readonly scope: Scope;
  left(operand: Operand): Left<T>;
  /** The values that a subquery selects. */
  select(query: Extract<Condition, { kind: 'semijoin' }>['query']): ReadonlySet<Json>;
}

export const everything: Filter<Row> = {
  test: () => true,
  span: { ...anywhere, exact: true },
};

export function compile<T>(compiler: Compiler<T>, condition: Condition): Filter<T> {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return junction(compiler, condition.kind, condition.parts);
    case 'not': {
      const { test } = compile(compiler, condition.part);
      return { test: (subject) => !test(subject), span: anywhere };
    }
    case 'compare':
      return compare(compiler, condition);
    case 'semijoin':
      return semijoin(compiler, condition);
    default:
      return membership(compiler, condition);
  }
}

function junction<T>(compiler: Compiler<T>, kind: 'and' | 'or', parts: readonly Condition[]): Filter<T> {
  const filters = parts.map((part) => compile(compiler, part));
  const tests = filters.map((filter) => filter.test);
  const spans = filters.map((filter) => filter.span);
  if (kind === 'or') return { test: (subject) => tests.some((test) => test(subject)), span: unite(spans) };
  const ids = filters.find((filter) => filter.ids !== undefined)?.ids;
  return { test: (subject) => tests.every((test) => test(subject)), span: intersect(spans), ids };
}

function compare<T>(compiler: Compiler<T>, condition: Extract<Condition, { kind: 'compare' }>): Filter<T> {
  const left = filterable(compiler, condition.left);
  const { op, right } = condition;
  if (op === 'LIKE' && !isText(left.field.type)) throw noSuchOperator(compiler.scope, left.field, right.at);
  const operand = toOperand(compiler.scope, left.field, right);
  const test = on(left, comparison(left.field, op, operand));
  if (!('value' in operand)) return { test, span: anywhere };
  const ids = op === '=' ? idsOf(left, [operand.value]) : undefined;
  return { test, span: spanOf(left, op, operand.value), ids };
}

function idsOf<T>({ own, field }: Left<T>, values: Iterable<Json>): readonly string[] | undefined {
  return own && field.name === 'Id' ? [...values].map(String) : undefined;
}

function spanOf<T>({ own, field }: Left<T>, op: Parameters<typeof stampSpan>[0], value: Json): Span {
  if (!own || typeof value !== 'string') return anywhere;
  if (field.name === 'SystemModstamp') return stampSpan(op, value);
  return field.name === 'Id' ? idSpan(op, value) : anywhere;
}

function on<T>(left: Left<T>, test: Test): (subject: T) => boolean {
  const { read } = left;
  return (subject) => test(read(subject));
}

function membership<T>(
  compiler: Compiler<T>,
  { kind, left: operand, negated, values }: ListCondition,
): Filter<T> {
  const left = filterable(compiler, operand);
  const [first] = values;
  if (kind === 'includes' && left.field.type !== 'multipicklist' && first)
    throw noSuchOperator(compiler.scope, left.field, first.at);
  const fold = folder(left.field);
  const wanted = values.map((literal) => toOperand(compiler.scope, left.field, literal));
  const among = new Set(wanted.map((one) => ('value' in one ? fold(one.value) : null)));
  const found: Test = kind === 'in' ? (value) => among.has(fold(value)) : includes(among, fold);
  const ids = kind === 'in' && !negated ? idsOf(left, among) : undefined;
  return { test: on(left, negated ? (value) => !found(value) : found), span: anywhere, ids };
}

/** `INCLUDES ('A;B', 'C')`: both of the first or the second. */
function includes(wanted: ReadonlySet<Json>, fold: (value: Json) => Json): Test {
  const sets = [...wanted].map((value) => String(value).split(';'));
  return (value) => {
    const chosen = new Set(typeof value === 'string' ? String(fold(value)).split(';') : []);
    return sets.some((set) => set.every((one) => chosen.has(one)));
  };
}

function semijoin<T>(compiler: Compiler<T>, condition: Extract<Condition, { kind: 'semijoin' }>): Filter<T> {
  const left = filterable(compiler, condition.left);
  const selected = compiler.select(condition.query);
  const test: Test = (value) => selected.has(value) !== condition.negated;
  return { test: on(left, test), span: anywhere };
}

function filterable<T>(compiler: Compiler<T>, operand: Operand): Left<T> {
  const left = compiler.left(operand);
  if (left.field.filterable) return left;
  const at = operand.kind === 'field' ? operand.path.at : operand.call.at;
  const message = `field '${left.field.name}' can not be filtered in a query call`;
  throw soqlFault('INVALID_FIELD', compiler.scope.text, at, message);
}

function noSuchOperator(scope: Scope, field: FieldDef, at: number): Error {
  const kind = field.type === 'id' || field.type === 'reference' ? 'id' : field.type;
  return soqlFault('INVALID_QUERY_FILTER_OPERATOR', scope.text, at, `invalid operator on ${kind} field`);
}
