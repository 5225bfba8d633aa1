/** GROUP BY and aggregate functions. */
import type { Json } from '../../../src/support/json.ts';
import { ApiError } from '../errors.ts';
import type { RowList } from '../rows/list.ts';
import { field } from '../schema/fields.ts';
import type { Row } from '../schema/model.ts';
import { aggregate, fitsAggregate, isAggregate } from './aggregate.ts';
import type { Call, Operand, Query, Selection } from './ast.ts';
import { type Column, resolveColumn } from './columns.ts';
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

export function groupRows(scope: Scope, rows: RowList): { [name: string]: Json }[] {
  const keys = scope.query.groupBy.map((path) => resolveColumn(scope, path));
  const shown = named(scope.query.select.map((selection) => shownPart(scope, selection, keys)));
  const sortKeys = scope.query.orderBy.map((one) => ({ ...one, ...leftOf(scope, one.by) }));
  const groups = having(scope, collect(rows, keys)).sort(sorter(sortKeys));
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

/** Without GROUP BY, all records are one group, even when there are none. */
function collect(rows: RowList, keys: readonly Column[]): Group[] {
  if (keys.length === 0) return [rows.toArray()];
  const keyOf = (row: Row) => JSON.stringify(keys.map((key) => fold(key.read(row))));
  return [...Map.groupBy(rows.toArray(), keyOf).values()];
}

function fold(value: Json): Json {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function having(scope: Scope, groups: Group[]): Group[] {
  const condition = scope.query.having;
  if (condition === undefined) return groups;
  const left = (operand: Operand) => leftOf(scope, operand);
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
  if (selection.kind === 'call') return { name: selection.alias, read: readCall(scope, selection.call) };
  if (selection.kind === 'children') {
    throw soqlFault(
      'MALFORMED_QUERY',
      scope.text,
      selection.query.from.at,
      'Grouped queries have no children',
    );
  }
  const path = resolveColumn(scope, selection.path).names.join('.');
  const key = keys.find((one) => one.names.join('.') === path);
  if (key !== undefined) return { name: selection.alias ?? key.names.at(-1), read: readKey(key) };
  const message = `Field must be grouped or aggregated: ${path}`;
  throw soqlFault('MALFORMED_QUERY', scope.text, selection.path.at, message);
}

/** What has no alias is called `expr0`, `expr1` … */
function named(parts: readonly Part[]): [string, Read][] {
  let unnamed = 0;
  return parts.map((part) => [part.name ?? `expr${unnamed++}`, part.read]);
}

function readKey(column: Column): Read {
  return ([first]) => (first === undefined ? null : column.read(first));
}

function readCall(scope: Scope, call: Call): Read {
  const { fn, path } = call;
  if (!isAggregate(fn)) throw soqlFault('MALFORMED_QUERY', scope.text, call.at, `unexpected token: '${fn}'`);
  if (path === undefined) return (group) => group.length;
  const column = resolveColumn(scope, path);
  if (fitsAggregate(call, column)) return (group) => aggregate(fn, group.map(column.read));
  const message = `field ${column.field.name} does not support aggregate operator ${fn}`;
  throw soqlFault('MALFORMED_QUERY', scope.text, call.at, message);
}

function leftOf(scope: Scope, operand: Operand): Left<Group> {
  if (operand.kind === 'call') {
    return { field: field(operand.call.fn, '', 'double'), read: readCall(scope, operand.call), own: false };
  }
  const column = resolveColumn(scope, operand.path);
  return { field: column.field, read: readKey(column), own: false };
}
