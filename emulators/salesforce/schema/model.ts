/** What the org knows about its objects and fields; `describe` is made of it. */
import type { Json } from '../../../src/support/json.ts';

export type Value = string | number | boolean | null;

/** A stored record, absent meaning null. Times are kept as on the wire, which sorts as time does. */
export type Row = Record<string, Value>;

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'reference'
  | 'address';

export interface FieldDef {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** The server fills it in where the caller gives nothing. */
  readonly defaulted: boolean;
  readonly defaultValue: Value;
  readonly custom: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  /** May name a record in an upsert without being an external id (Id, Email, some names). */
  readonly idLookup: boolean;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  /** What the parent calls its children through this field. */
  readonly childRelationship: string | null;
  readonly cascadeDelete: boolean;
  readonly picklist: readonly string[];
  readonly restricted: boolean;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly nameField: boolean;
  readonly compoundOf: string | null;
  /** Field-level security applies: invisible to a user until somebody grants it. */
  readonly permissionable: boolean;
  /** Whether the profile of the API user was granted it when it was made (Setup asks, the API does not). */
  readonly inProfile: boolean;
  readonly help: string | null;
  /** Tooling id of a custom field. */
  readonly toolingId: string | null;
  /** Computed when read, as formulas are: a new value does not move SystemModstamp. */
  readonly derive: ((row: Row) => Json) | null;
}

export interface ObjectDef {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly deletable: boolean;
  readonly mergeable: boolean;
  /** Deleted records wait in the recycle bin and show in queryAll. */
  readonly undeletable: boolean;
  readonly replicateable: boolean;
  /** Custom objects need a grant; standard ones are in the profile. */
  readonly inProfile: boolean;
  readonly toolingId: string | null;
  /** `CT-{00000}` where the server numbers the records. */
  readonly nameFormat: string | null;
  readonly fields: readonly FieldDef[];
}

/** Text compares without regard to case; ids and case-sensitive keys do not. */
export function isText(type: FieldType): boolean {
  return textTypes.has(type);
}

const textTypes: ReadonlySet<FieldType> = new Set([
  'string',
  'textarea',
  'email',
  'phone',
  'url',
  'picklist',
  'multipicklist',
  'combobox',
]);

export function isNumeric(type: FieldType): boolean {
  return type === 'int' || type === 'double' || type === 'currency' || type === 'percent';
}

/** Whether records can be grouped by it. */
export function isGroupable({ sortable, type }: FieldDef): boolean {
  return sortable && (type === 'int' || !isNumeric(type)) && type !== 'datetime';
}

export function isRequired(field: FieldDef): boolean {
  return !field.nillable && field.createable && !field.defaulted;
}
