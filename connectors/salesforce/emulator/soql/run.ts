/** Runs a query: which records, in which order, shown how. */
import type { Json } from '../../../../src/support/json.ts';
import { ApiError } from '../errors.ts';
import { listOf, type RowList, slice } from '../rows/list.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
import type { Operand, Query } from './ast.ts';
import { type Column, resolveColumn } from './columns.ts';
import { noSuchType, soqlFault } from './fault.ts';
import { groupRows, isBareCount, isGrouped } from './grouping.ts';
import { parseSoql } from './parser.ts';
import { compile, everything, type Filter } from './predicate.ts';
import type { Realm, Scope } from './realm.ts';
import { buildShape } from './selection.ts';
import { type SortKey, sorter } from './sorting.ts';

export interface Found {
  readonly object: ObjectDef;
  /** Paths of the fields of a record, `Account.Name`; of aggregates, nothing. */
  readonly columns: readonly string[];
  readonly kind: 'records' | 'records with children' | 'groups' | 'count';
  readonly total: number;
  /** Zero where the answer is the total alone (`COUNT()`). */
  readonly length: number;
  at(index: number): Json;
}

export interface RunOptions {
  readonly version: string;
  /** queryAll: what is in the recycle bin, too. */
  readonly withDeleted: boolean;
}

const longestQuery = 100_000;
const largestOffset = 2000;

export function runSoql(realm: Realm, text: string, options: RunOptions): Found {
  if (text.length > longestQuery) {
    const message = `SOQL statements cannot be longer than ${longestQuery} characters.`;
    throw new ApiError(400, 'QUERY_TOO_COMPLICATED', message);
  }
  return runQuery(realm, parseSoql(text), options);
}

function runQuery(realm: Realm, query: Query, { version, withDeleted }: RunOptions): Found {
  const scope: Scope = { realm, text: query.text, withDeleted };
  const object = objectOf(scope, query);
  checkClauses(query);
  if (isBareCount(query)) return bareCount(object, cut(find(scope, object, query), query).length);
  if (isGrouped(query)) {
    const groups = groupRows(scope, object, query, find(scope, object, query)).slice(0, query.limit);
    const at = (index: number) => groups[index] ?? null;
    return { object, kind: 'groups', columns: [], total: groups.length, length: groups.length, at };
  }
  const { shape, columns } = buildShape(scope, object, query, version, findRows);
  const rows = cut(sort(scope, object, query, find(scope, object, query)), query);
  const kind = query.select.some((one) => one.kind === 'children') ? 'records with children' : 'records';
  const at = (index: number) => shape.project(rows.at(index));
  return { object, kind, columns, total: rows.length, length: rows.length, at };
}

function bareCount(object: ObjectDef, total: number): Found {
  return { object, kind: 'count', columns: [], total, length: 0, at: () => null };
}

function objectOf({ realm, text }: Scope, query: Query): ObjectDef {
  const [name = ''] = query.from.names;
  const object = query.from.names.length === 1 ? realm.object(name) : undefined;
  if (object !== undefined) return object;
  throw soqlFault('INVALID_TYPE', text, query.from.at, noSuchType(query.from.names.join('.')));
}

function checkClauses(query: Query): void {
  if ((query.offset ?? 0) <= largestOffset) return;
  throw new ApiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${largestOffset}`);
}

/** All records that the WHERE clause admits, in the order (SystemModstamp, Id). */
function find(scope: Scope, object: ObjectDef, query: Query): RowList {
  const filter = filterOf(scope, object, query);
  const { from, to, exact } = filter.span;
  const rows = scope.realm.range(object, from, to, scope.withDeleted);
  if (exact) return rows;
  const kept: number[] = [];
  for (let index = 0; index < rows.length; index++) if (filter.test(rows.at(index))) kept.push(index);
  return { length: kept.length, at: (index) => rows.at(kept[index] ?? 0) };
}

function filterOf(scope: Scope, object: ObjectDef, query: Query): Filter<Row> {
  if (query.where === undefined) return everything;
  const left = (operand: Operand) => ({
    ...columnOf(scope, object, query, operand),
    own: operand.kind === 'field' && operand.path.names.length === 1,
  });
  return compile<Row>({ scope, left, select: (subquery) => selectOne(scope, subquery) }, query.where);
}

function columnOf(scope: Scope, object: ObjectDef, query: Query, operand: Operand): Column {
  if (operand.kind === 'field') return resolveColumn(scope, object, operand.path, query.alias);
  throw soqlFault('MALFORMED_QUERY', scope.text, operand.call.at, `unexpected token: '${operand.call.fn}'`);
}

/** The values of a semi-join's only column. */
function selectOne(scope: Scope, query: Query): ReadonlySet<Json> {
  const [only] = query.select;
  if (query.select.length !== 1 || only?.kind !== 'field') {
    throw soqlFault(
      'MALFORMED_QUERY',
      scope.text,
      query.from.at,
      'semi join sub-selects can only select one field',
    );
  }
  const object = objectOf(scope, query);
  const column = resolveColumn(scope, object, only.path, query.alias);
  const rows = find(scope, object, query);
  return new Set(Array.from({ length: rows.length }, (_, index) => column.read(rows.at(index))));
}

/** For a child subquery: all children of all parents at once, in order. */
function findRows(scope: Scope, object: ObjectDef, query: Query): RowList {
  return sort(scope, object, query, find(scope, object, query));
}

/**
 * Without ORDER BY, records come by id: not by time, so that nobody comes to rely on it. Sorting is skipped
 * where the list is in that order already, as computed records are in both.
 */
function sort(scope: Scope, object: ObjectDef, query: Query, rows: RowList): RowList {
  const keys = query.orderBy.map((one) => ({ ...one, ...columnOf(scope, object, query, one.by) }));
  for (const [index, key] of keys.entries()) {
    if (key.field.sortable) continue;
    const by = query.orderBy[index]?.by;
    const message = `field '${key.field.name}' can not be sorted in a query call`;
    throw soqlFault('MALFORMED_QUERY', scope.text, by?.kind === 'field' ? by.path.at : 0, message);
  }
  if (isTimeOrder(keys) || (rows.sameById === true && isIdOrder(keys))) return rows;
  const all = Array.from({ length: rows.length }, (_, index) => rows.at(index));
  return listOf(all.sort(keys.length === 0 ? byId : sorter(keys)));
}

function byId(one: Row, other: Row): number {
  return String(one.Id) < String(other.Id) ? -1 : 1;
}

function isTimeOrder(keys: readonly (SortKey<Row> & Column)[]): boolean {
  const names = keys.map((key) => (key.descending ? '' : key.names.join('.')));
  return names[0] === 'SystemModstamp' && (names.length === 1 || names[1] === 'Id');
}

function isIdOrder(keys: readonly (SortKey<Row> & Column)[]): boolean {
  return keys.length === 0 || (keys[0]?.names.join('.') === 'Id' && !keys[0].descending);
}

function cut(rows: RowList, query: Query): RowList {
  if (query.limit === undefined && query.offset === undefined) return rows;
  return slice(rows, query.offset ?? 0, query.limit ?? rows.length);
}
