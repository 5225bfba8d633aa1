/** Runs a query: which records, in which order, shown how. */
import type { Json } from '../../../src/support/json.ts';
import { ApiError } from '../errors.ts';
import { pick, type RowList, slice } from '../rows/list.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
import type { Operand, Query } from './ast.ts';
import { type Column, resolveColumn } from './columns.ts';
import { dateColumn } from './date-functions.ts';
import { noSuchType, soqlFault } from './fault.ts';
import { groupRows, isBareCount, isGrouped, refuseMoreThanCount } from './grouping.ts';
import { parseSoql } from './parser.ts';
import { compile, everything, type Filter } from './predicate.ts';
import type { Realm, Scope } from './realm.ts';
import { buildShape } from './selection.ts';
import { inOrder } from './sorting.ts';

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
  const query = parseSoql(text);
  if ((query.offset ?? 0) > largestOffset) {
    const message = `Maximum SOQL offset allowed is ${largestOffset}`;
    throw new ApiError(400, 'NUMBER_OUTSIDE_VALID_RANGE', message);
  }
  return run({ realm, text, ...options, query, object: objectOf(realm, query) });
}

function objectOf(realm: Realm, { from, text }: Query): ObjectDef {
  const name = from.names.join('.');
  const object = realm.object(name);
  if (object !== undefined) return object;
  throw soqlFault('INVALID_TYPE', text, from.at, noSuchType(name));
}

function run(scope: Scope): Found {
  if (isBareCount(scope.query)) return bareCount(scope);
  return isGrouped(scope.query) ? groups(scope) : records(scope);
}

function bareCount(scope: Scope): Found {
  refuseMoreThanCount(scope);
  const total = cut(find(scope), scope.query).length;
  return { object: scope.object, kind: 'count', columns: [], total, length: 0, at: () => null };
}

function groups(scope: Scope): Found {
  const { object, query } = scope;
  const found = groupRows(scope, find(scope)).slice(0, query.limit);
  const { length } = found;
  return { object, kind: 'groups', columns: [], total: length, length, at: (index) => found[index] ?? null };
}

function records(scope: Scope): Found {
  const { object, query } = scope;
  const { shape, columns } = buildShape(scope, findInOrder);
  const rows = cut(findInOrder(scope), query);
  const hasChildren = query.select.some((one) => one.kind === 'children');
  const { length } = rows;
  return {
    object,
    kind: hasChildren ? 'records with children' : 'records',
    columns,
    total: length,
    length,
    at: (index) => shape.project(rows.at(index)),
  };
}

function cut(rows: RowList, { offset = 0, limit }: Query): RowList {
  return offset === 0 && limit === undefined ? rows : slice(rows, offset, limit ?? rows.length);
}

function findInOrder(scope: Scope): RowList {
  const keys = scope.query.orderBy.map((one) => ({ ...one, ...sortable(scope, one.by) }));
  return inOrder(find(scope), keys);
}

function sortable(scope: Scope, operand: Operand): Column {
  const column = columnOf(scope, operand);
  if (column.field.sortable) return column;
  const at = operand.kind === 'field' ? operand.path.at : operand.call.at;
  const message = `field '${column.field.name}' can not be sorted in a query call`;
  throw soqlFault('MALFORMED_QUERY', scope.text, at, message);
}

/** All records that the WHERE clause admits, in the order (SystemModstamp, Id). */
function find(scope: Scope): RowList {
  const { realm, object, withDeleted } = scope;
  const { span, ids, test } = inScope(scope, filterOf(scope));
  if (ids !== undefined) return pick(realm.named(object, ids, withDeleted), test);
  const rows = realm.range(object, span.from, span.to, withDeleted);
  return span.exact ? rows : pick(rows, test);
}

/**
 * `everything` is all that the user may see, `mine` what they own; other scopes need teams and territories, which
 * this org does not have. https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_using_scope.htm
 */
function inScope({ realm, object, query, text }: Scope, filter: Filter<Row>): Filter<Row> {
  if (query.scope === undefined) return filter;
  const name = query.scope.names.join('.');
  const isOwned = realm.field(object, 'OwnerId') !== undefined;
  if (/^everything$/i.test(name)) return filter;
  if (/^mine$/i.test(name) && isOwned)
    return {
      ...filter,
      span: { ...filter.span, exact: false },
      test: (row) => row.OwnerId === realm.userId && filter.test(row),
    };
  const message = `The scope '${name}' is not supported for ${object.name}`;
  throw soqlFault('INVALID_QUERY_SCOPE', text, query.scope.at, message);
}

function filterOf(scope: Scope): Filter<Row> {
  const { where } = scope.query;
  if (where === undefined) return everything;
  const left = (operand: Operand) => {
    const column = columnOf(scope, operand);
    return { ...column, own: column.steps.length === 0 };
  };
  return compile<Row>({ scope, left, select: (query) => selectOne(scope, query) }, where);
}

function columnOf(scope: Scope, operand: Operand): Column {
  if (operand.kind === 'field') return resolveColumn(scope, operand.path);
  const ofDate = dateColumn(scope, operand.call);
  if (ofDate !== undefined) return ofDate;
  throw soqlFault('MALFORMED_QUERY', scope.text, operand.call.at, `unexpected token: '${operand.call.fn}'`);
}

/** The values of a semi-join's only column. */
function selectOne(outer: Scope, query: Query): ReadonlySet<Json> {
  const [only] = query.select;
  if (query.select.length !== 1 || only?.kind !== 'field') {
    const message = 'semi join sub-selects can only select one field';
    throw soqlFault('MALFORMED_QUERY', outer.text, query.from.at, message);
  }
  const scope = { ...outer, query, object: objectOf(outer.realm, query) };
  const { read } = resolveColumn(scope, only.path);
  return new Set(find(scope).toArray().map(read));
}
