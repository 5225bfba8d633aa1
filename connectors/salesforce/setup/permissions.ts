/**
 * A field made by API is invisible to everyone but those who may see all data: each needs a field permission,
 * and a new object an object permission. The hub keeps its own in one permission set.
 */
import type { JsonObject } from '../../../src/support/json.ts';
import type { HubConnection } from '../wire/connection.ts';
import { query } from '../wire/query.ts';
import { idOf } from '../wire/record.ts';
import { quoted, select } from '../wire/soql.ts';

export const permissionSet = {
  Name: 'Connector_Hub',
  Label: 'Connector Hub',
  Description:
    'Access of the connector hub to the fields and objects that it keeps. Assigned to the user it signs in as.',
} as const;

/** A row that the permission set should hold. */
export interface Grant {
  readonly sobject: 'ObjectPermissions' | 'FieldPermissions';
  /** `Chat_Touch__c`, or `Opportunity.Chat_Share__c`. */
  readonly name: string;
  readonly values: JsonObject;
}

export function objectGrant(object: string): Grant {
  const own = {
    PermissionsRead: true,
    PermissionsCreate: true,
    PermissionsEdit: true,
    PermissionsDelete: true,
  };
  const all = { PermissionsViewAllRecords: true, PermissionsModifyAllRecords: true };
  return { sobject: 'ObjectPermissions', name: object, values: { SobjectType: object, ...own, ...all } };
}

export function fieldGrant(object: string, field: string): Grant {
  const name = `${object}.${field}`;
  const values = { SobjectType: object, Field: name, PermissionsRead: true, PermissionsEdit: true };
  return { sobject: 'FieldPermissions', name, values };
}

/** What the permission set holds now. */
export interface Held {
  /** Null when there is no such permission set. */
  readonly id: string | null;
  /** Its rows by grant name. */
  readonly rows: ReadonlyMap<string, { readonly id: string; readonly edit: boolean }>;
  readonly assigned: boolean;
}

export async function heldPermissions(connection: HubConnection, user: string): Promise<Held> {
  const rows = (from: string, fields: string[], where: string) =>
    query(connection, select({ fields, from, where }));
  const [set] = await rows('PermissionSet', ['Id'], `Name = ${quoted(permissionSet.Name)}`);
  if (set === undefined) return { id: null, rows: new Map(), assigned: false };
  const id = idOf(set);
  const ofSet = `ParentId = ${quoted(id)}`;
  const fields = await rows('FieldPermissions', ['Id', 'Field', 'PermissionsEdit'], ofSet);
  const objects = await rows('ObjectPermissions', ['Id', 'SobjectType', 'PermissionsEdit'], ofSet);
  const ours = `PermissionSetId = ${quoted(id)} AND AssigneeId = ${quoted(user)}`;
  const assignments = await rows('PermissionSetAssignment', ['Id'], ours);
  return {
    id,
    rows: new Map(
      [...fields, ...objects].map((row) => [
        String(row.Field ?? row.SobjectType),
        { id: idOf(row), edit: row.PermissionsEdit === true },
      ]),
    ),
    assigned: assignments.length > 0,
  };
}
