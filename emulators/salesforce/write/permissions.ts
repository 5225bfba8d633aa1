/** Permission sets: what they may grant, and once only. */
import { SaveFault } from '../errors.ts';
import type { Row } from '../schema/model.ts';
import type { Writer } from './writer.ts';

function doubled(statusCode: string, message: string, fields: readonly string[] = []): SaveFault {
  return new SaveFault(statusCode, message, fields);
}

export function checkPermissionSet(row: Row, old: Row | undefined, _given: Row, { org }: Writer): void {
  const same = org.table('PermissionSet').lookup('Name', row.Name ?? null);
  if (same.every((one) => one.Id === old?.Id)) return;
  throw doubled('DUPLICATE_DEVELOPER_NAME', `The name ${row.Name} is already in use`, ['Name']);
}

/** Fields that everybody may see (required ones, master-detail) are not on offer. */
export function checkFieldPermissions(row: Row, old: Row | undefined, _given: Row, { org }: Writer): void {
  const object = org.catalog.object(String(row.SobjectType));
  const name = String(row.Field).replace(/^[^.]*\./, '');
  const field = object && org.catalog.field(object, name);
  if (object === undefined) throw badChoice('SobjectType', row.SobjectType);
  if (field === undefined || !field.permissionable || row.Field !== `${object.name}.${field.name}`) {
    throw badChoice('Field', row.Field);
  }
  if (row.PermissionsEdit === true) row.PermissionsRead = true;
  if (old === undefined) refuseSecond('FieldPermissions', 'Field', row, org);
}

export function checkObjectPermissions(row: Row, old: Row | undefined, _given: Row, { org }: Writer): void {
  if (org.catalog.object(String(row.SobjectType)) === undefined)
    throw badChoice('SobjectType', row.SobjectType);
  const writes = ['PermissionsCreate', 'PermissionsEdit', 'PermissionsDelete'].filter(
    (name) => row[name] === true,
  );
  if (writes.length > 0 && row.PermissionsRead !== true) {
    const message = `Permission ${writes[0]} depends on permission(s): PermissionsRead`;
    throw new SaveFault('FIELD_INTEGRITY_EXCEPTION', message, writes);
  }
  if (old === undefined) refuseSecond('ObjectPermissions', 'SobjectType', row, org);
}

export function checkAssignment(row: Row, _old: Row | undefined, _given: Row, { org }: Writer): void {
  const others = org.table('PermissionSetAssignment').lookup('AssigneeId', row.AssigneeId ?? null);
  if (!others.some((one) => one.PermissionSetId === row.PermissionSetId)) return;
  const short = (id: Row[string] | undefined) => String(id).slice(0, 15);
  const message = `Duplicate PermissionSetAssignment.  Assignee: ${short(row.AssigneeId)}; Permission Set: ${short(row.PermissionSetId)}`;
  throw doubled('DUPLICATE_VALUE', message, ['AssigneeId', 'PermissionSetId']);
}

function badChoice(field: string, value: Row[string] | undefined): SaveFault {
  const message = `bad value for restricted picklist field: ${value}`;
  return new SaveFault('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', message, [field]);
}

function refuseSecond(table: string, field: string, row: Row, org: Writer['org']): void {
  const others = org.table(table).lookup('ParentId', row.ParentId ?? null);
  const same = others.find((one) => one[field] === row[field]);
  if (same === undefined) return;
  throw doubled(
    'DUPLICATE_VALUE',
    `duplicate value found: <unknown> duplicates value on record with id: ${same.Id}`,
  );
}
