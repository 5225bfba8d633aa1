/** GROUP BY and aggregate functions. */
import type { Json } from '../../../../src/support/json.ts';
import { ApiError } from '../errors.ts';
import type { RowList } from '../rows/list.ts';
import { field } from '../schema/fields.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
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

export function isGrouped(query: Query): boolean {
  return (
    query.groupBy.length > 0 || query.select.some((one) => one.kind === 'call' && isAggregate(one.call.fn))
  );
}

/** `SELECT COUNT() FROM X`: the answer is `totalSize`, without records. */
export function isBareCount({ select }: Query): boolean {
  const only = select.length === 1 ? select[0] : undefined;
  return only?.kind === 'call' && only.call.fn === 'COUNT' && only.call.path === undefined;
}

export function groupRows(
  scope: Scope,
  object: ObjectDef,
  query: Query,
  rows: RowList,
): { [name: string]: Json }[] {
  const keys = query.groupBy.map((path) => resolveColumn(scope, object, path, query.alias));
  const shown = query.select.map((selection) => shownPart(scope, object, query, selection, keys));
  const named = name(shown);
  let groups = collect(rows, keys);
  if (query.having !== undefined) {
    const left = (operand: Operand) => leftOf(scope, object, query, operand);
    const noSelect = () => {
      throw new ApiError(400, 'MALFORMED_QUERY', 'Semi join sub-selects are not allowed in HAVING');
    };
    groups = groups.filter(compile<Group>({ scope, left, select: noSelect }, query.having).test);
  }
  const sorted = groups.sort(
    sorter(query.orderBy.map((one) => ({ ...one, ...leftOf(scope, object, query, one.by) }))),
  );
  if (sorted.length > mostGroups) {
    const message =
      'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch';
    throw new ApiError(500, 'EXCEEDED_ID_LIMIT', message);
  }
  return sorted.map((group) => ({
    attributes: { type: 'AggregateResult' },
    ...Object.fromEntries(named.map(([key, read]) => [key, read(group)])),
  }));
}

/** Without GROUP BY, all records are one group, even when there are none. */
function collect(rows: RowList, keys: readonly Column[]): Group[] {
  const all = Array.from({ length: rows.length }, (_, index) => rows.at(index));
  if (keys.length === 0) return [all];
  return [...Map.groupBy(all, (row) => JSON.stringify(keys.map((key) => fold(key.read(row))))).values()];
}

function fold(value: Json): Json {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

type Part = { readonly name: string | undefined; readonly read: Read };

function shownPart(
  scope: Scope,
  object: ObjectDef,
  query: Query,
  selection: Selection,
  keys: readonly Column[],
): Part {
  if (selection.kind === 'call') {
    return { name: selection.alias, read: readCall(scope, object, query, selection.call) };
  }
  const at = selection.kind === 'field' ? selection.path.at : 0;
  const column =
    selection.kind === 'field' ? resolveColumn(scope, object, selection.path, query.alias) : undefined;
  const key = keys.find((one) => one.names.join('.') === column?.names.join('.'));
  if (selection.kind !== 'field' || key === undefined) {
    throw soqlFault(
      'MALFORMED_QUERY',
      scope.text,
      at,
      `Field must be grouped or aggregated: ${column?.names.join('.')}`,
    );
  }
  return { name: selection.alias ?? key.names.at(-1), read: readKey(key) };
}

/** What has no alias is called `expr0`, `expr1` … */
function name(parts: readonly Part[]): [string, Read][] {
  let unnamed = 0;
  return parts.map((part) => [part.name ?? `expr${unnamed++}`, part.read]);
}

function readKey(column: Column): Read {
  return (group) => {
    const first = group[0];
    return first === undefined ? null : column.read(first);
  };
}

function readCall(scope: Scope, object: ObjectDef, query: Query, call: Call): Read {
  const { fn, path } = call;
  if (!isAggregate(fn)) throw soqlFault('MALFORMED_QUERY', scope.text, call.at, `unexpected token: '${fn}'`);
  if (path === undefined) return (group) => group.length;
  const column = resolveColumn(scope, object, path, query.alias);
  if (!fitsAggregate(call, column)) {
    const message = `field ${column.field.name} does not support aggregate operator ${fn}`;
    throw soqlFault('MALFORMED_QUERY', scope.text, call.at, message);
  }
  return (group) => aggregate(fn, group.map(column.read));
}

function leftOf(scope: Scope, object: ObjectDef, query: Query, operand: Operand): Left<Group> {
  if (operand.kind === 'field') {
    const column = resolveColumn(scope, object, operand.path, query.alias);
    return { field: column.field, read: readKey(column), own: false };
  }
  return {
    field: field(operand.call.fn, '', 'double'),
    read: readCall(scope, object, query, operand.call),
    own: false,
  };
}
