/** Field paths resolved: what `Account.Owner.Name` reads. */
import type { Json } from '../../../src/support/json.ts';
import { field as makeField } from '../schema/fields.ts';
import type { FieldDef, ObjectDef, Row } from '../schema/model.ts';
import type { Path } from './ast.ts';
import { noSuchColumn, noSuchRelationship, soqlFault } from './fault.ts';
import type { Realm, Scope } from './realm.ts';

export interface Column {
  /** As the schema writes them: relationship names, then the field. */
  readonly names: readonly string[];
  readonly field: FieldDef;
  readonly steps: readonly Step[];
  readonly read: (row: Row) => Json;
  /** Reads from the record at the end of the steps. */
  readonly readLast: (row: Row) => Json;
}

/** A step from a record to its parent. */
export interface Step {
  readonly name: string;
  /** Undefined where the parent may be of several types: then only what all of them share can be asked. */
  readonly object: ObjectDef | undefined;
  readonly follow: (row: Row) => Row | undefined;
}

const deepest = 5;

export function resolveColumn(scope: Scope, path: Path): Column {
  const names = dropAlias(path.names, scope);
  const steps = resolveSteps(scope, names.slice(0, -1), path);
  const last = names.at(-1) ?? '';
  const parent = steps.length === 0 ? scope.object : steps.at(-1)?.object;
  const field = parent === undefined ? sharedField(last) : scope.realm.field(parent, last);
  if (field === undefined) {
    throw soqlFault('INVALID_FIELD', scope.text, path.at, noSuchColumn(last, parent?.name ?? 'Name'));
  }
  const readLast = parent === undefined ? readShared(scope.realm, field) : reader(field);
  return {
    names: [...steps.map((step) => step.name), field.name],
    field,
    steps,
    read: steps.length === 0 ? readLast : readThrough(steps, readLast),
    readLast,
  };
}

function resolveSteps(scope: Scope, names: readonly string[], path: Path): Step[] {
  if (names.length > deepest) {
    const message = `Maximum depth of ${deepest} exceeded in field path`;
    throw soqlFault('INVALID_FIELD', scope.text, path.at, message);
  }
  const steps: Step[] = [];
  for (const name of names) {
    const from = steps.length === 0 ? scope.object : steps.at(-1)?.object;
    const step = from && resolveStep(scope, from, name);
    if (step === undefined) throw soqlFault('INVALID_FIELD', scope.text, path.at, noSuchRelationship(name));
    steps.push(step);
  }
  return steps;
}

function resolveStep({ realm, withDeleted }: Scope, object: ObjectDef, name: string): Step | undefined {
  const link = realm.relationship(object, name);
  const targets = link?.referenceTo
    .map((target) => realm.object(target))
    .filter((target) => target !== undefined);
  if (link === undefined || targets === undefined || targets.length === 0) return undefined;
  const only = link.referenceTo.length === 1 ? targets[0] : undefined;
  const idOf = reader(link);
  return {
    name: link.relationshipName ?? name,
    object: only,
    follow(row) {
      const id = idOf(row);
      if (typeof id !== 'string') return undefined;
      const parent = only ?? realm.objectOfId(id);
      const found = parent && realm.get(parent, id);
      return found?.IsDeleted === true && !withDeleted ? undefined : found;
    },
  };
}

function dropAlias(names: readonly string[], { object, query }: Scope): readonly string[] {
  const first = names[0]?.toLowerCase();
  const own = first === query.alias?.toLowerCase() || first === object.name.toLowerCase();
  return names.length > 1 && own ? names.slice(1) : names;
}

export function reader(field: FieldDef): (row: Row) => Json {
  const { name, derive } = field;
  if (derive !== null) return derive;
  const absent = field.type === 'boolean' ? false : null;
  return (row) => row[name] ?? absent;
}

export function readThrough(steps: readonly Step[], read: (row: Row) => Json): (row: Row) => Json {
  return (row) => {
    let at: Row | undefined = row;
    for (const step of steps) {
      at = step.follow(at);
      if (at === undefined) return null;
    }
    return read(at);
  };
}

/** What the `Name` object knows of owners, people and things of any type. */
const shared = [
  'Id',
  'Name',
  'Type',
  'FirstName',
  'LastName',
  'Email',
  'Phone',
  'Title',
  'Username',
  'Alias',
];

function sharedField(name: string): FieldDef | undefined {
  const found = shared.find((one) => one.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : makeField(found, found, found === 'Id' ? 'id' : 'string');
}

function readShared(realm: Realm, { name }: FieldDef): (row: Row) => Json {
  return (row) => {
    const object = realm.objectOfId(String(row.Id));
    if (name === 'Type') return object?.name ?? null;
    const field = object && realm.field(object, name);
    return field === undefined ? null : reader(field)(row);
  };
}
