/** Permission sets as metadata: what is named is granted, what is not named stays as it was. */
import { SaveFault } from '../errors.ts';
import type { Org } from '../org.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
import { removeRow } from '../write/remove.ts';
import { amend, plant } from '../write/save.ts';
import { screenWriter, type Writer } from '../write/writer.ts';
import { flagOf, type Metadata, partsOf, textOf } from './metadata.ts';

type Mode = 'create' | 'update' | 'upsert';

export function putPermissionSet(org: Org, fullName: string, metadata: Metadata, mode: Mode): boolean {
  const writer = screenWriter(org, org.apiUserId);
  const [old] = org.table('PermissionSet').lookup('Name', fullName);
  if (old !== undefined && mode === 'create') {
    throw new SaveFault('DUPLICATE_DEVELOPER_NAME', `The name ${fullName} is already in use`);
  }
  if (old === undefined && mode === 'update') {
    throw new SaveFault('INVALID_CROSS_REFERENCE_KEY', `No PermissionSet named ${fullName} found`);
  }
  const values = {
    Name: fullName,
    Label: textOf(metadata, 'label') ?? null,
    Description: textOf(metadata, 'description') ?? null,
  };
  const set = put(writer, 'PermissionSet', old, values);
  for (const part of partsOf(metadata, 'fieldPermissions')) grantField(writer, set, part);
  for (const part of partsOf(metadata, 'objectPermissions')) grantObject(writer, set, part);
  return old === undefined;
}

function put(writer: Writer, name: string, old: Row | undefined, values: Row): Row {
  const object = writer.org.catalog.object(name) as ObjectDef;
  return old === undefined ? plant(writer, object, values) : amend(writer, object, old, values);
}

function grantField(writer: Writer, set: Row, metadata: Metadata): void {
  const { catalog } = writer.org;
  const fullName = textOf(metadata, 'field') ?? '';
  const object = catalog.object(fullName.split('.')[0] ?? '');
  const field = object && catalog.field(object, fullName.split('.')[1] ?? '');
  if (object === undefined || field === undefined) {
    throw new SaveFault(
      'INVALID_CROSS_REFERENCE_KEY',
      `In field: field - no CustomField named ${fullName} found`,
    );
  }
  if (!field.permissionable) {
    throw new SaveFault('FIELD_INTEGRITY_EXCEPTION', `You cannot deploy to a required field: ${fullName}`);
  }
  const values = {
    SobjectType: object.name,
    Field: `${object.name}.${field.name}`,
    PermissionsRead: flagOf(metadata, 'readable'),
    PermissionsEdit: flagOf(metadata, 'editable'),
  };
  grant(writer, 'FieldPermissions', set, 'Field', values);
}

const objectFlags: Readonly<Record<string, string>> = {
  PermissionsCreate: 'allowCreate',
  PermissionsRead: 'allowRead',
  PermissionsEdit: 'allowEdit',
  PermissionsDelete: 'allowDelete',
  PermissionsViewAllRecords: 'viewAllRecords',
  PermissionsModifyAllRecords: 'modifyAllRecords',
};

function grantObject(writer: Writer, set: Row, metadata: Metadata): void {
  const flags = Object.entries(objectFlags).map(([name, key]) => [name, flagOf(metadata, key)]);
  const values = { SobjectType: textOf(metadata, 'object') ?? null, ...Object.fromEntries(flags) };
  grant(writer, 'ObjectPermissions', set, 'SobjectType', values);
}

function grant(writer: Writer, table: string, set: Row, key: string, values: Row): void {
  const rows = writer.org.table(table).lookup('ParentId', set.Id ?? null);
  const old = rows.find((row) => row[key] === values[key]);
  put(writer, table, old, old === undefined ? { ParentId: set.Id ?? null, ...values } : values);
}

export function dropPermissionSet(org: Org, fullName: string): void {
  const [set] = org.table('PermissionSet').lookup('Name', fullName);
  if (set === undefined) {
    throw new SaveFault('INVALID_CROSS_REFERENCE_KEY', `No PermissionSet named ${fullName} found`);
  }
  removeRow(screenWriter(org, org.apiUserId), org.catalog.object('PermissionSet') as ObjectDef, set);
}

/** What `readMetadata` tells; undefined when there is no such set. */
export function readPermissionSet(org: Org, fullName: string): Metadata | undefined {
  const [set] = org.table('PermissionSet').lookup('Name', fullName);
  if (set === undefined) return undefined;
  const fields = org.table('FieldPermissions').lookup('ParentId', set.Id ?? null);
  const objects = org.table('ObjectPermissions').lookup('ParentId', set.Id ?? null);
  return {
    fullName,
    fieldPermissions: fields.map((row) => ({
      editable: row.PermissionsEdit === true,
      field: row.Field ?? null,
      readable: row.PermissionsRead === true,
    })),
    hasActivationRequired: false,
    label: set.Label ?? null,
    objectPermissions: objects.map((row) => ({
      ...Object.fromEntries(Object.entries(objectFlags).map(([name, key]) => [key, row[name] === true])),
      object: row.SobjectType ?? null,
    })),
  };
}
