/** The SELECT clause made a shape. */
import { ApiError } from '../errors.ts';
import type { RowList } from '../rows/list.ts';
import type { FieldDef, ObjectDef, Row } from '../schema/model.ts';
import type { Call, Path, Query, Selection } from './ast.ts';
import { reader, resolveColumn } from './columns.ts';
import { noSuchRelationship, soqlFault } from './fault.ts';
import { Shape } from './projection.ts';
import type { Scope } from './realm.ts';

export type FindChildren = (scope: Scope, object: ObjectDef, query: Query) => RowList;

interface Builder {
  readonly scope: Scope;
  readonly object: ObjectDef;
  readonly query: Query;
  readonly version: string;
  readonly shape: Shape;
  readonly findChildren: FindChildren;
}

export function buildShape(
  scope: Scope,
  object: ObjectDef,
  query: Query,
  version: string,
  findChildren: FindChildren,
): { shape: Shape; columns: string[] } {
  const shape = new Shape(version, () => object.name);
  const builder = { scope, object, query, version, shape, findChildren };
  return { shape, columns: query.select.flatMap((selection) => add(builder, selection)) };
}

/** Returns the columns that it added. */
function add(builder: Builder, selection: Selection): string[] {
  if (selection.kind === 'children') return addChildren(builder, selection.query);
  if (selection.kind === 'call') return addCall(builder, selection.call);
  if (selection.alias === undefined) return addField(builder, selection.path);
  const { at } = selection.path;
  throw soqlFault('MALFORMED_QUERY', builder.scope.text, at, 'only aggregate expressions use field aliasing');
}

function addField({ scope, object, query, shape }: Builder, path: Path): string[] {
  const { field, names, steps, readLast } = resolveColumn(scope, object, path, query.alias);
  const typeOf = (row: Row) => scope.realm.objectOfId(String(row.Id))?.name ?? '';
  if (shape.descend(steps, typeOf).add(field.name, readLast)) return [names.join('.')];
  throw soqlFault('INVALID_FIELD', scope.text, path.at, `duplicate field selected: ${field.name}`);
}

const groups: Readonly<Record<string, (field: FieldDef) => boolean>> = {
  ALL: () => true,
  STANDARD: (field) => !field.custom,
  CUSTOM: (field) => field.custom || field.name === 'Id',
};

function addCall(builder: Builder, call: Call): string[] {
  const { scope, object, query, shape } = builder;
  if (call.fn === 'FIELDS' && call.path !== undefined) {
    const chosen = groups[(call.path.names[0] ?? '').toUpperCase()];
    if (chosen !== undefined) return addGroup(builder, call, chosen);
  }
  if (['TOLABEL', 'FORMAT', 'CONVERTCURRENCY'].includes(call.fn) && call.path !== undefined) {
    const column = resolveColumn(scope, object, call.path, query.alias);
    shape.add(column.field.name, column.read);
    return [column.field.name];
  }
  throw soqlFault('MALFORMED_QUERY', scope.text, call.at, `unexpected token: '('`);
}

function addGroup(
  { scope, object, query, shape }: Builder,
  call: Call,
  chosen: (field: FieldDef) => boolean,
): string[] {
  const unbounded = (call.path?.names[0] ?? '').toUpperCase() !== 'STANDARD';
  if (unbounded && (query.limit ?? Number.POSITIVE_INFINITY) > 200) {
    const message = 'The SOQL FIELDS function must have a LIMIT of at most 200';
    throw new ApiError(400, 'MALFORMED_QUERY', message);
  }
  const fields = scope.realm.fields(object).filter(chosen);
  for (const field of fields) shape.add(field.name, reader(field));
  return fields.map((field) => field.name);
}

function addChildren({ scope, object, version, shape, findChildren }: Builder, query: Query): string[] {
  const [name = ''] = query.from.names;
  const link = scope.realm.children(object, name);
  if (link === undefined)
    throw soqlFault('INVALID_TYPE', scope.text, query.from.at, noSuchRelationship(name));
  const { shape: childShape } = buildShape(scope, link.child, query, version, findChildren);
  const ofParent = groupLazily(() => findChildren(scope, link.child, query), link.field.name, query);
  shape.add(link.field.childRelationship ?? name, (row) => {
    const rows = ofParent(String(row.Id));
    if (rows.length === 0) return null;
    return { totalSize: rows.length, done: true, records: rows.map((child) => childShape.project(child)) };
  });
  return [];
}

/** Children are gathered once per query, when the first parent is shown. */
function groupLazily(find: () => RowList, link: string, query: Query): (parentId: string) => readonly Row[] {
  let byParent: Map<string, Row[]> | undefined;
  return (parentId) => {
    if (byParent === undefined) {
      const list = find();
      const rows = Array.from({ length: list.length }, (_, index) => list.at(index));
      byParent = Map.groupBy(rows, (row) => String(row[link]));
    }
    const offset = query.offset ?? 0;
    const rows = byParent.get(parentId) ?? [];
    return rows.slice(offset, query.limit === undefined ? undefined : offset + query.limit);
  };
}
