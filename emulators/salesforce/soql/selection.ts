/** The SELECT clause made a shape. */
import { ApiError } from '../errors.ts';
import type { RowList } from '../rows/list.ts';
import type { FieldDef, Row } from '../schema/model.ts';
import type { Call, Path, Query, Selection } from './ast.ts';
import { reader, resolveColumn } from './columns.ts';
import { noSuchRelationship, soqlFault } from './fault.ts';
import { presented } from './presentation.ts';
import { Shape } from './projection.ts';
import type { Scope } from './realm.ts';

export type FindRows = (scope: Scope) => RowList;

export interface Shown {
  readonly shape: Shape;
  /** Paths of the fields, children left out. */
  readonly columns: readonly string[];
}

export function buildShape(scope: Scope, find: FindRows): Shown {
  const shape = new Shape(scope.version, () => scope.object.name);
  const columns = scope.query.select.flatMap((selection) => add(scope, shape, selection, find));
  return { shape, columns };
}

/** Returns the columns that it added. */
function add(scope: Scope, shape: Shape, selection: Selection, find: FindRows): string[] {
  if (selection.kind === 'children') return addChildren(scope, shape, selection.query, find);
  if (selection.kind === 'call') return addCall(scope, shape, selection.call, selection.alias);
  if (selection.alias === undefined) return addField(scope, shape, selection.path);
  const { at } = selection.path;
  throw soqlFault('MALFORMED_QUERY', scope.text, at, 'only aggregate expressions use field aliasing');
}

function addField(scope: Scope, shape: Shape, path: Path, column = resolveColumn(scope, path)): string[] {
  const { field, names, steps, readLast } = column;
  const typeOf = (row: Row) => scope.realm.objectOfId(String(row.Id))?.name ?? '';
  if (shape.descend(steps, typeOf).add(field.name, readLast)) return [names.join('.')];
  throw soqlFault('INVALID_FIELD', scope.text, path.at, `duplicate field selected: ${field.name}`);
}

function addCall(scope: Scope, shape: Shape, call: Call, alias: string | undefined): string[] {
  const column = presented(scope, call);
  if (column !== undefined && call.path !== undefined) {
    if (alias === undefined) return addField(scope, shape, call.path, column);
    // Under its alias beside the record's own fields, also where it is a parent's.
    if (shape.add(alias, column.read)) return [alias];
    throw soqlFault('MALFORMED_QUERY', scope.text, call.path.at, `duplicate alias: ${alias}`);
  }
  const chosen = fieldGroup(call);
  if (chosen === undefined) throw soqlFault('MALFORMED_QUERY', scope.text, call.at, `unexpected token: '('`);
  return addGroup(scope, shape, chosen);
}

interface FieldGroup {
  readonly fits: (field: FieldDef) => boolean;
  /** May only be asked of a few records. */
  readonly unbounded: boolean;
}

const groups: Readonly<Record<string, FieldGroup>> = {
  ALL: { fits: () => true, unbounded: true },
  STANDARD: { fits: (field) => !field.custom, unbounded: false },
  CUSTOM: { fits: (field) => field.custom || field.name === 'Id', unbounded: true },
};

/** `FIELDS(ALL)`; undefined for any other call. */
export function fieldGroup({ fn, path }: Call): FieldGroup | undefined {
  return fn === 'FIELDS' ? groups[(path?.names[0] ?? '').toUpperCase()] : undefined;
}

const fewRecords = 200;

function addGroup({ realm, object, query }: Scope, shape: Shape, { fits, unbounded }: FieldGroup): string[] {
  if (unbounded && (query.limit ?? Number.POSITIVE_INFINITY) > fewRecords) {
    const message = `The SOQL FIELDS function must have a LIMIT of at most ${fewRecords}`;
    throw new ApiError(400, 'MALFORMED_QUERY', message);
  }
  const fields = realm.fields(object).filter(fits);
  for (const field of fields) shape.add(field.name, reader(field));
  return fields.map((field) => field.name);
}

function addChildren(scope: Scope, shape: Shape, query: Query, find: FindRows): string[] {
  const [name = ''] = query.from.names;
  const link = scope.realm.children(scope.object, name);
  if (link === undefined) {
    throw soqlFault('INVALID_TYPE', scope.text, query.from.at, noSuchRelationship(name));
  }
  const inner: Scope = { ...scope, query, object: link.child };
  const child = buildShape(inner, find).shape;
  const ofParent = groupLazily(() => find(inner), link.field.name, query);
  shape.add(link.field.childRelationship ?? name, (row) => {
    const records = ofParent(String(row.Id)).map((one) => child.project(one));
    return records.length === 0 ? null : { totalSize: records.length, done: true, records };
  });
  return [];
}

/** Children are gathered once per query, when the first parent is shown. */
function groupLazily(find: () => RowList, link: string, query: Query): (parentId: string) => readonly Row[] {
  let byParent: Map<string, Row[]> | undefined;
  const { offset = 0, limit = Number.POSITIVE_INFINITY } = query;
  return (parentId) => {
    byParent ??= Map.groupBy(find().toArray(), (row) => String(row[link]));
    return (byParent.get(parentId) ?? []).slice(offset, offset + limit);
  };
}
