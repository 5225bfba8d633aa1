/**
 * What the API user may see. A field made through the API is in no profile: until a permission set that is
 * assigned to the user grants it, it is absent from describe, and naming it is INVALID_FIELD.
 * https://developer.salesforce.com/docs/atlas.en-us.api_tooling.meta/api_tooling/tooling_api_objects_customfield.htm
 */
import type { Table } from './rows/table.ts';
import type { Catalog } from './schema/catalog.ts';
import type { FieldDef, ObjectDef, Row } from './schema/model.ts';

export interface AccessOptions {
  readonly catalog: Catalog;
  readonly table: (name: string) => Table;
  readonly userId: string;
  readonly now: () => number;
}

export class Access {
  readonly #options: AccessOptions;
  /** What the profile of the API user lacks: `Task`, `Contact.Phone`. */
  readonly #hidden = new Set<string>();
  #hides = 0;
  #known = -1;
  #changedAt: number;
  #grants: Grants = { read: new Set(), write: new Set() };

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#known = this.version;
    this.#changedAt = options.now();
  }

  /** Changes whenever the answers might. */
  get version(): number {
    const { catalog, table } = this.#options;
    return grantTables.reduce((sum, name) => sum + table(name).version, catalog.version + this.#hides);
  }

  /** Ms; when the grants were first seen as they are now. */
  get changedAt(): number {
    this.#current();
    return this.#changedAt;
  }

  /** Takes an object (`Task`) or a field (`Contact.Phone`) from the profile of the API user, or gives it back. */
  hide(name: string, isHidden: boolean): void {
    if (isHidden) this.#hidden.add(name);
    else this.#hidden.delete(name);
    this.#hides += 1;
  }

  sees(object: ObjectDef, field?: FieldDef): boolean {
    if (this.#hidden.has(object.name)) return false;
    if (field !== undefined && this.#hidden.has(fullName(object, field))) return false;
    if (!object.inProfile && !this.#current().read.has(object.name)) return false;
    return field === undefined || isOpen(field) || this.#current().read.has(fullName(object, field));
  }

  /** Undefined where it is invisible or does not exist: nobody can tell the one from the other. */
  object(name: string): ObjectDef | undefined {
    const object = this.#options.catalog.object(name);
    return object !== undefined && this.sees(object) ? object : undefined;
  }

  field(object: ObjectDef, name: string): FieldDef | undefined {
    return this.#ifSeen(object, this.#options.catalog.field(object, name));
  }

  relationship(object: ObjectDef, name: string): FieldDef | undefined {
    return this.#ifSeen(object, this.#options.catalog.relationship(object, name));
  }

  fields(object: ObjectDef): readonly FieldDef[] {
    return object.fields.filter((field) => this.sees(object, field));
  }

  canWrite(object: ObjectDef, field: FieldDef): boolean {
    if (!this.sees(object, field)) return false;
    return isOpen(field) || this.#current().write.has(fullName(object, field));
  }

  may(object: ObjectDef, what: 'Create' | 'Edit' | 'Delete'): boolean {
    return object.inProfile || this.#current().write.has(`${object.name}:${what}`);
  }

  #ifSeen(object: ObjectDef, field: FieldDef | undefined): FieldDef | undefined {
    return field !== undefined && this.sees(object, field) ? field : undefined;
  }

  #current(): Grants {
    const { version } = this;
    if (version !== this.#known) {
      this.#known = version;
      this.#changedAt = this.#options.now();
      this.#grants = readGrants(this.#options);
    }
    return this.#grants;
  }
}

/** `Lead` and `Lead.Credit__c` may be read; `Lead.Credit__c` and `Touch__c:Create` may be done. */
interface Grants {
  readonly read: Set<string>;
  readonly write: Set<string>;
}

const grantTables = ['FieldPermissions', 'ObjectPermissions', 'PermissionSetAssignment'] as const;

function fullName(object: ObjectDef, field: FieldDef): string {
  return `${object.name}.${field.name}`;
}

/** Fields without field-level security (required ones, names) and those that the profile was given. */
function isOpen(field: FieldDef): boolean {
  return !field.permissionable || field.inProfile;
}

function readGrants({ table, userId }: AccessOptions): Grants {
  const assigned = table('PermissionSetAssignment').lookup('AssigneeId', userId);
  const sets = new Set(assigned.map((row) => row.PermissionSetId ?? null));
  const rowsOf = (name: string) => [...sets].flatMap((id) => table(name).lookup('ParentId', id));
  const grants: Grants = { read: new Set(), write: new Set() };
  for (const row of rowsOf('FieldPermissions')) noteField(row, grants);
  for (const row of rowsOf('ObjectPermissions')) noteObject(row, grants);
  return grants;
}

function noteField(row: Row, { read, write }: Grants): void {
  if (row.PermissionsRead === true) read.add(String(row.Field));
  if (row.PermissionsEdit === true) write.add(String(row.Field));
}

function noteObject(row: Row, { read, write }: Grants): void {
  if (row.PermissionsRead === true) read.add(String(row.SobjectType));
  for (const what of ['Create', 'Edit', 'Delete']) {
    if (row[`Permissions${what}`] === true) write.add(`${row.SobjectType}:${what}`);
  }
}
