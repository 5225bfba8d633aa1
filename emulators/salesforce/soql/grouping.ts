/** GROUP BY and aggregate functions. */
import type { Json } from '../../../src/support/json.ts';
import { ApiError } from '../errors.ts';
import type { RowList } from '../rows/list.ts';
import { field } from '../schema/fields.ts';
import { isGroupable, type Row } from '../schema/model.ts';
import { aggregate, fitsAggregate, isAggregate } from './aggregate.ts';
import type { Call, Operand, Query, Selection } from './ast.ts';
import { type Column, resolveColumn } from './columns.ts';
import { dateColumn } from './date-functions.ts';
import { soqlFault } from './fault.ts';
import { compile, type Left } from './predicate.ts';
import type { Scope } from './realm.ts';
import { sorter } from './sorting.ts';

type Group = readonly Row[];
type Read = (group: Group) => Json;

const mostGroups = 2000;

export function isGrouped({ groupBy, select }: Query): boolean {
  return groupBy.length > 0 || select.some((one) => one.kind === 'call' && isAggregate(one.call.fn));
}

/** `SELECT COUNT() FROM X`: the answer is `totalSize`, without records. */
export function isBareCount({ select }: Query): boolean {
  const only = select.length === 1 ? select[0] : undefined;
  return only?.kind === 'call' && only.call.fn === 'COUNT' && only.call.path === undefined;
}

/** It is neither grouped nor ordered: `COUNT(Id)` is, as a column. */
export function refuseMoreThanCount({ query, text }: Scope): void {
  const [by] = [...query.groupBy, ...query.orderBy.map((one) => one.by)];
  if (by === undefined) return;
  const { at } = by.kind === 'field' ? by.path : by.call;
  const message = 'Grouping or ordering is not allowed with COUNT(), use COUNT(fieldName)';
  throw soqlFault('MALFORMED_QUERY', text, at, message);
}

export function groupRows(scope: Scope, rows: RowList): { [name: string]: Json }[] {
  const keys = scope.query.groupBy.map((operand) => keyOf(scope, operand));
  const shown = named(scope.query.select.map((selection) => shownPart(scope, selection, keys)));
  const sortKeys = scope.query.orderBy.map((one) => ({ ...one, ...leftOf(scope, one.by, keys) }));
  const groups = having(scope, collect(rows, keys), keys).sort(sorter(sortKeys));
  if (groups.length > mostGroups) {
    const message =
      'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch';
    throw new ApiError(500, 'EXCEEDED_ID_LIMIT', message);
  }
  return groups.map((group) => ({
    attributes: { type: 'AggregateResult' },
    ...Object.fromEntries(shown.map(([name, read]) => [name, read(group)])),
  }));
}

function keyOf(scope: Scope, operand: Operand): Column {
  const ofDate = operand.kind === 'call' ? dateColumn(scope, operand.call) : undefined;
  if (ofDate !== undefined) return ofDate;
  if (operand.kind === 'call')
    throw soqlFault('MALFORMED_QUERY', scope.text, operand.call.at, `unexpected token: '${operand.call.fn}'`);
  const column = resolveColumn(scope, operand.path);
  if (isGroupable(column.field)) return column;
  const message = `field '${column.field.name}' can not be grouped in a query call`;
  throw soqlFault('MALFORMED_QUERY', scope.text, operand.path.at, message);
}

/** Without GROUP BY, all records are one group, even when there are none. */
function collect(rows: RowList, keys: readonly Column[]): Group[] {
  if (keys.length === 0) return [rows.toArray()];
  const keyOf = (row: Row) => JSON.stringify(keys.map((key) => fold(key.read(row))));
  return [...Map.groupBy(rows.toArray(), keyOf).values()];
}

function fold(value: Json): Json {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function having(scope: Scope, groups: Group[], keys: readonly Column[]): Group[] {
  const condition = scope.query.having;
  if (condition === undefined) return groups;
  const left = (operand: Operand) => leftOf(scope, operand, keys);
  const select = () => {
    throw new ApiError(400, 'MALFORMED_QUERY', 'Semi join sub-selects are not allowed in HAVING');
  };
  return groups.filter(compile<Group>({ scope, left, select }, condition).test);
}

interface Part {
  readonly name: string | undefined;
  readonly read: Read;
}

function shownPart(scope: Scope, selection: Selection, keys: readonly Column[]): Part {
  if (selection.kind === 'call')
    return { name: selection.alias, read: readCall(scope, selection.call, keys) };
  if (selection.kind === 'children') {
    throw soqlFault(
      'MALFORMED_QUERY',
      scope.text,
      selection.query.from.at,
      'Grouped queries have no children',
    );
  }
  const key = among(scope, keys, resolveColumn(scope, selection.path), selection.path.at);
  return { name: selection.alias ?? key.names.at(-1), read: readKey(key) };
}

function among({ text }: Scope, keys: readonly Column[], { names }: Column, at: number): Column {
  const name = names.join('.');
  const key = keys.find((one) => one.names.join('.') === name);
  if (key !== undefined) return key;
  throw soqlFault('MALFORMED_QUERY', text, at, `Field must be grouped or aggregated: ${name}`);
}

/** What has no alias is called `expr0`, `expr1` … */
function named(parts: readonly Part[]): [string, Read][] {
  let unnamed = 0;
  return parts.map((part) => [part.name ?? `expr${unnamed++}`, part.read]);
}

function readKey(column: Column): Read {
  return ([first]) => (first === undefined ? null : column.read(first));
}

function readCall(scope: Scope, call: Call, keys: readonly Column[]): Read {
  const { fn, path } = call;
  const ofDate = dateColumn(scope, call);
  if (ofDate !== undefined) return readKey(among(scope, keys, ofDate, call.at));
  if (!isAggregate(fn)) throw soqlFault('MALFORMED_QUERY', scope.text, call.at, `unexpected token: '${fn}'`);
  if (path === undefined) return (group) => group.length;
  const column = resolveColumn(scope, path);
  if (fitsAggregate(call, column)) return (group) => aggregate(fn, group.map(column.read));
  const message = `field ${column.field.name} does not support aggregate operator ${fn}`;
  throw soqlFault('MALFORMED_QUERY', scope.text, call.at, message);
}

function leftOf(scope: Scope, operand: Operand, keys: readonly Column[]): Left<Group> {
  if (operand.kind === 'call') return leftOfCall(scope, operand.call, keys);
  const column = among(scope, keys, resolveColumn(scope, operand.path), operand.path.at);
  return { field: column.field, read: readKey(column), own: false };
}

/** Of what is greatest or least, the type is the field's own; the others are numbers. */
function leftOfCall(scope: Scope, call: Call, keys: readonly Column[]): Left<Group> {
  const isNumber = call.path === undefined || !['MIN', 'MAX'].includes(call.fn);
  const number = field(call.fn, '', 'double');
  const shown =
    dateColumn(scope, call)?.field ??
    (isNumber || !call.path ? number : resolveColumn(scope, call.path).field);
  return { field: shown, read: readCall(scope, call, keys), own: false };
}
