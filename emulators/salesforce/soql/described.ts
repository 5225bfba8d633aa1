/** `&columns=true`: what a query would select instead of what it finds, as Salesforce's own command line asks. */
import type { JsonObject } from '../../../src/support/json.ts';
import { type FieldDef, isNumeric, isText, type ObjectDef } from '../schema/model.ts';
import { isAggregate } from './aggregate.ts';
import type { Path, Query, Selection } from './ast.ts';
import { resolveColumn } from './columns.ts';
import { isDateFunction } from './date-functions.ts';
import { noSuchRelationship, noSuchType, soqlFault } from './fault.ts';
import { isGrouped } from './grouping.ts';
import { parseSoql } from './parser.ts';
import type { Realm, Scope } from './realm.ts';
import { fieldGroup } from './selection.ts';

interface Described {
  readonly columnName: string;
  readonly displayName: string;
  readonly field?: FieldDef;
  readonly foreignKeyName?: string | undefined;
  readonly isAggregate?: boolean;
  readonly isNumber?: boolean;
  readonly joinColumns: Described[];
}

export function describeQuery(realm: Realm, text: string, version: string): JsonObject {
  const query = parseSoql(text);
  const object = realm.object(query.from.names.join('.'));
  if (!object) throw soqlFault('INVALID_TYPE', text, query.from.at, noSuchType(query.from.names.join('.')));
  const columns = described({ realm, query, object, text, version, withDeleted: false });
  return {
    columnMetadata: columns.map(shown),
    entityName: object.name,
    groupBy: isGrouped(query),
    idSelected: columns.some(({ columnName }) => columnName === 'Id'),
    keyPrefix: object.keyPrefix,
  };
}

function described(scope: Scope): Described[] {
  const columns: Described[] = [];
  let unnamed = 0;
  for (const selection of scope.query.select) {
    if (selection.kind === 'field') addPath(columns, scope, selection.path);
    else if (selection.kind === 'children') columns.push(children(scope, selection.query));
    else if (!isAggregate(selection.call.fn) && !isDateFunction(selection.call.fn))
      addCall(columns, scope, selection);
    else columns.push(aggregated(selection, selection.alias ?? `expr${unnamed++}`));
  }
  return columns;
}

type CallSelection = Extract<Selection, { kind: 'call' }>;

function aggregated({ call: { fn, path } }: CallSelection, columnName: string): Described {
  const displayName = `${fn.toLowerCase()}(${path?.names.join('.') ?? ''})`;
  return { columnName, displayName, isAggregate: true, isNumber: true, joinColumns: [] };
}

function addCall(columns: Described[], scope: Scope, { call, alias }: CallSelection): void {
  const group = fieldGroup(call);
  if (group !== undefined)
    columns.push(...scope.realm.fields(scope.object).filter(group.fits).map(plainColumn));
  else if (call.path === undefined)
    throw soqlFault('MALFORMED_QUERY', scope.text, call.at, `unexpected token: '('`);
  else if (alias === undefined) addPath(columns, scope, call.path);
  else
    columns.push({
      ...plainColumn(resolveColumn(scope, call.path).field),
      columnName: alias,
      displayName: alias,
    });
}

function plainColumn(field: FieldDef): Described {
  return { columnName: field.name, displayName: field.name, field, joinColumns: [] };
}

/** Parents are columns of their own, with the fields asked of them inside. */
function addPath(columns: Described[], scope: Scope, path: Path): void {
  const { field, names, steps } = resolveColumn(scope, path);
  let level = columns;
  let from: ObjectDef | undefined = scope.object;
  for (const { name, object } of steps) {
    const foreignKeyName = from && scope.realm.relationship(from, name)?.name;
    level = parentIn(level, name, foreignKeyName).joinColumns;
    from = object;
  }
  level.push({ ...plainColumn(field), columnName: names.at(-1) ?? field.name });
}

function parentIn(level: Described[], name: string, foreignKeyName: string | undefined): Described {
  const known = level.find((one) => one.columnName === name);
  if (known) return known;
  const parent = { columnName: name, displayName: name, foreignKeyName, joinColumns: [] };
  level.push(parent);
  return parent;
}

function children(scope: Scope, query: Query): Described {
  const [name = ''] = query.from.names;
  const link = scope.realm.children(scope.object, name);
  if (!link) throw soqlFault('INVALID_TYPE', scope.text, query.from.at, noSuchRelationship(name));
  const joinColumns = described({ ...scope, query, object: link.child });
  const columnName = link.field.childRelationship ?? name;
  return { columnName, displayName: columnName, isAggregate: true, joinColumns };
}

const apexTypes: Readonly<Partial<Record<FieldDef['type'], string>>> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  int: 'Integer',
  double: 'Double',
  currency: 'Double',
  percent: 'Double',
  date: 'Date',
  datetime: 'Datetime',
  address: 'Address',
};

function shown(column: Described): JsonObject {
  const { columnName, displayName, field, foreignKeyName, joinColumns } = column;
  return {
    aggregate: column.isAggregate ?? false,
    apexType: field ? (apexTypes[field.type] ?? 'String') : null,
    booleanType: field?.type === 'boolean',
    columnName,
    custom: field?.custom ?? false,
    displayName,
    foreignKeyName: foreignKeyName ?? null,
    insertable: field?.createable ?? false,
    joinColumns: joinColumns.map(shown),
    numberType: column.isNumber ?? (field !== undefined && isNumeric(field.type)),
    textType: field !== undefined && isText(field.type),
    updatable: field?.updateable ?? false,
  };
}
