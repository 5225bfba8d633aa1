/** Field constructors, so that the object tables read like Salesforce's object reference. */
import type { FieldDef, FieldType, ObjectDef } from './model.ts';

type Extra = Partial<FieldDef>;

export function field(name: string, label: string, type: FieldType, extra: Extra = {}): FieldDef {
  return {
    name,
    label,
    type,
    length: 0,
    precision: 0,
    scale: 0,
    nillable: true,
    createable: true,
    updateable: true,
    defaulted: false,
    defaultValue: null,
    custom: false,
    externalId: false,
    unique: false,
    caseSensitive: false,
    idLookup: false,
    referenceTo: [],
    relationshipName: null,
    childRelationship: null,
    cascadeDelete: false,
    picklist: [],
    restricted: false,
    filterable: true,
    sortable: true,
    nameField: false,
    compoundOf: null,
    permissionable: isOptional(extra),
    inProfile: true,
    help: null,
    toolingId: null,
    derive: null,
    ...extra,
  };
}

/** Field-level security can hide what nobody has to fill in; a person's name is never hidden. */
function isOptional({ nillable = true, createable = true, compoundOf }: Extra): boolean {
  return nillable && createable && compoundOf !== 'Name';
}

export const readOnly: Extra = { createable: false, updateable: false };
export const required: Extra = { nillable: false };
export const createOnly: Extra = { updateable: false };

export const text = (name: string, label: string, length: number, extra?: Extra) =>
  field(name, label, 'string', { length, ...extra });

export const longText = (name: string, label: string, length = 32_000, extra?: Extra) =>
  field(name, label, 'textarea', { length, filterable: false, sortable: false, ...extra });

export const street = (name: string, label: string, compoundOf: string) =>
  field(name, label, 'textarea', { length: 255, compoundOf });

export const email = (name: string, label: string, extra?: Extra) =>
  field(name, label, 'email', { length: 80, idLookup: true, ...extra });

export const phone = (name: string, label: string, extra?: Extra) =>
  field(name, label, 'phone', { length: 40, ...extra });

export const url = (name: string, label: string, extra?: Extra) =>
  field(name, label, 'url', { length: 255, ...extra });

export const picklist = (name: string, label: string, values: readonly string[], extra?: Extra) =>
  field(name, label, 'picklist', { length: 40, picklist: values, ...extra });

export const checkbox = (name: string, label: string, extra?: Extra) =>
  field(name, label, 'boolean', { nillable: false, defaulted: true, defaultValue: false, ...extra });

export const int = (name: string, label: string, extra?: Extra) => field(name, label, 'int', extra);

export const double = (name: string, label: string, precision: number, scale: number, extra?: Extra) =>
  field(name, label, 'double', { precision, scale, ...extra });

export const currency = (name: string, label: string, precision: number, scale: number, extra?: Extra) =>
  field(name, label, 'currency', { precision, scale, ...extra });

export const percent = (name: string, label: string, precision: number, scale: number, extra?: Extra) =>
  field(name, label, 'percent', { precision, scale, ...extra });

export const date = (name: string, label: string, extra?: Extra) => field(name, label, 'date', extra);

export const datetime = (name: string, label: string, extra?: Extra) => field(name, label, 'datetime', extra);

/** `OwnerId` is reached as `Owner`; `children` is the parent's name for the way back. */
export function reference(
  name: string,
  label: string,
  to: string | readonly string[],
  children: string | null = null,
  extra?: Extra,
): FieldDef {
  return field(name, label, 'reference', {
    length: 18,
    referenceTo: typeof to === 'string' ? [to] : to,
    relationshipName: name.replace(/Id$/, ''),
    childRelationship: children,
    ...extra,
  });
}

export const idField = (label: string) =>
  field('Id', label, 'id', { length: 18, nillable: false, defaulted: true, idLookup: true, ...readOnly });

export const isDeleted = checkbox('IsDeleted', 'Deleted', readOnly);

export const systemModstamp = datetime('SystemModstamp', 'System Modstamp', {
  nillable: false,
  defaulted: true,
  ...readOnly,
});

const stamped: Extra = { nillable: false, defaulted: true, ...readOnly };

export const created: readonly FieldDef[] = [
  datetime('CreatedDate', 'Created Date', stamped),
  reference('CreatedById', 'Created By ID', 'User', null, stamped),
];

export const audit: readonly FieldDef[] = [
  ...created,
  datetime('LastModifiedDate', 'Last Modified Date', stamped),
  reference('LastModifiedById', 'Last Modified By ID', 'User', null, stamped),
  systemModstamp,
];

export const viewed: readonly FieldDef[] = [
  date('LastActivityDate', 'Last Activity', readOnly),
  datetime('LastViewedDate', 'Last Viewed Date', readOnly),
  datetime('LastReferencedDate', 'Last Referenced Date', readOnly),
];

export function owner(to: readonly string[] = ['User'], children: string | null = null): FieldDef {
  return reference('OwnerId', 'Owner ID', to, children, { nillable: false, defaulted: true });
}

export function object(
  name: string,
  keyPrefix: string,
  fields: readonly FieldDef[],
  extra: Partial<ObjectDef> = {},
) {
  const label = extra.label ?? name.replace(/([a-z])([A-Z])/g, '$1 $2');
  const def: ObjectDef = {
    name,
    label,
    labelPlural: `${label}s`,
    keyPrefix,
    custom: false,
    createable: true,
    updateable: true,
    deletable: true,
    mergeable: false,
    undeletable: true,
    replicateable: true,
    inProfile: true,
    toolingId: null,
    nameFormat: null,
    ...extra,
    fields,
  };
  return def;
}

export const readOnlyObject: Partial<ObjectDef> = {
  createable: false,
  updateable: false,
  deletable: false,
  undeletable: false,
};
