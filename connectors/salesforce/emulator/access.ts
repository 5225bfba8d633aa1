/**
 * What the API user may see. A field made through the API is in no profile: until a permission set that is
 * assigned to the user grants it, it is absent from describe, and naming it is INVALID_FIELD.
 * https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_customfield.htm
 */
import type { Table } from './rows/table.ts';
import type { Catalog } from './schema/catalog.ts';
import type { FieldDef, ObjectDef, Row } from './schema/model.ts';

export interface Access {
  sees(object: ObjectDef, field?: FieldDef): boolean;
  /** The object for the API user by name, undefined where it is invisible or does not exist. */
  object(name: string): ObjectDef | undefined;
  field(object: ObjectDef, name: string): FieldDef | undefined;
  fields(object: ObjectDef): readonly FieldDef[];
  canWrite(object: ObjectDef, field: FieldDef): boolean;
  may(object: ObjectDef, what: 'Create' | 'Edit' | 'Delete'): boolean;
  /** Changes whenever the answers might. */
  readonly version: number;
  /** Ms; when the grants were first seen as they are now. */
  changedAt(): number;
}

interface Grants {
  readonly read: ReadonlySet<string>;
  readonly edit: ReadonlySet<string>;
}

const grantTables = ['FieldPermissions', 'ObjectPermissions', 'PermissionSetAssignment'] as const;

export function createAccess(
  catalog: Catalog,
  table: (name: string) => Table,
  userId: string,
  now: () => number,
): Access {
  const version = () => grantTables.reduce((sum, name) => sum + table(name).version, catalog.version);
  let known = version();
  let changedAt = now();
  let grants: Grants = { read: new Set(), edit: new Set() };
  const current = () => {
    if (known !== version()) {
      known = version();
      changedAt = now();
      grants = readGrants(table, userId);
    }
    return grants;
  };
  const sees = (object: ObjectDef, field?: FieldDef) => {
    if (!object.inProfile && !current().read.has(object.name)) return false;
    return field === undefined || isOpen(field) || current().read.has(`${object.name}.${field.name}`);
  };
  return {
    sees,
    object(name) {
      const object = catalog.object(name);
      return object !== undefined && sees(object) ? object : undefined;
    },
    field(object, name) {
      const field = catalog.field(object, name);
      return field !== undefined && sees(object, field) ? field : undefined;
    },
    fields: (object) => object.fields.filter((field) => sees(object, field)),
    canWrite: (object, field) => isOpen(field) || current().edit.has(`${object.name}.${field.name}`),
    may: (object, what) => object.inProfile || current().edit.has(`${object.name}:${what}`),
    get version() {
      return version();
    },
    changedAt() {
      current();
      return changedAt;
    },
  };
}

/** Fields without field-level security (standard, required, name) and those that the profile was given. */
function isOpen(field: FieldDef): boolean {
  return !field.permissionable || field.inProfile;
}

function readGrants(table: (name: string) => Table, userId: string): Grants {
  const assigned = new Set(
    table('PermissionSetAssignment')
      .lookup('AssigneeId', userId)
      .map((row) => row.PermissionSetId),
  );
  const read = new Set<string>();
  const edit = new Set<string>();
  const rowsOf = (name: string) => [...assigned].flatMap((id) => table(name).lookup('ParentId', id ?? null));
  for (const row of rowsOf('FieldPermissions')) {
    if (row.PermissionsRead === true) read.add(String(row.Field));
    if (row.PermissionsEdit === true) edit.add(String(row.Field));
  }
  for (const row of rowsOf('ObjectPermissions')) noteObject(row, read, edit);
  return { read, edit };
}

function noteObject(row: Row, read: Set<string>, edit: Set<string>): void {
  if (row.PermissionsRead === true) read.add(String(row.SobjectType));
  for (const what of ['Create', 'Edit', 'Delete']) {
    if (row[`Permissions${what}`] === true) edit.add(`${row.SobjectType}:${what}`);
  }
}
