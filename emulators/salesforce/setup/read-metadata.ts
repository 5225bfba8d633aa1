/** Fields and objects as the Metadata API reads them back, in the words in which they are made. */
import type { JsonObject } from '../../../src/support/json.ts';
import type { Org } from '../org.ts';
import type { FieldDef, ObjectDef } from '../schema/model.ts';

/** Undefined where there is none: the API answers with an element that is nil. */
export function readField(org: Org, fullName: string): JsonObject | undefined {
  const [type = '', name = ''] = fullName.split('.');
  const object = org.catalog.object(type);
  const field = object && org.catalog.field(object, name);
  return object && field && { fullName: `${object.name}.${field.name}`, ...described(field) };
}

export function readObject(org: Org, fullName: string): JsonObject | undefined {
  const object = org.catalog.object(fullName);
  if (!object) return undefined;
  const fields = object.fields.filter(({ custom }) => custom);
  return {
    fullName: object.name,
    ...(object.custom ? ownObject(object) : {}),
    fields: fields.map((field) => ({ fullName: field.name, ...described(field) })),
    label: object.label,
  };
}

function ownObject({ fields }: ObjectDef): JsonObject {
  const name = fields.find(({ nameField }) => nameField);
  return {
    deploymentStatus: 'Deployed',
    nameField: { label: name?.label ?? 'Name', type: name?.createable === false ? 'AutoNumber' : 'Text' },
    sharingModel: 'ReadWrite',
  };
}

function described(field: FieldDef): JsonObject {
  const { label, help, externalId, nillable, unique, custom } = field;
  return {
    ...(custom ? { externalId } : {}),
    ...(help === null ? {} : { inlineHelpText: help }),
    label,
    ...settingsOf(field),
    ...(custom && field.type !== 'boolean' ? { required: !nillable, unique } : {}),
    type: typeOf(field),
  };
}

const types: Readonly<Record<FieldDef['type'], string>> = {
  id: 'Text',
  string: 'Text',
  textarea: 'TextArea',
  email: 'Email',
  phone: 'Phone',
  url: 'Url',
  picklist: 'Picklist',
  multipicklist: 'MultiselectPicklist',
  combobox: 'Picklist',
  boolean: 'Checkbox',
  int: 'Number',
  double: 'Number',
  currency: 'Currency',
  percent: 'Percent',
  date: 'Date',
  datetime: 'DateTime',
  reference: 'Lookup',
  address: 'Address',
};

function typeOf({ type, length, cascadeDelete }: FieldDef): string {
  if (type === 'textarea' && length > 255) return 'LongTextArea';
  return type === 'reference' && cascadeDelete ? 'MasterDetail' : types[type];
}

function settingsOf(field: FieldDef): JsonObject {
  const { type, length, precision, scale, referenceTo, childRelationship, picklist, restricted } = field;
  if (type === 'string') return { length };
  if (type === 'textarea' && length > 255) return { length, visibleLines: 3 };
  if (type === 'double' || type === 'currency' || type === 'percent') return { precision, scale };
  if (type === 'boolean') return { defaultValue: field.defaultValue ?? false };
  if (type === 'reference')
    return {
      referenceTo: referenceTo[0] ?? null,
      relationshipName: childRelationship?.replace(/__r$/, '') ?? null,
    };
  if (type !== 'picklist' && type !== 'multipicklist') return {};
  const value = picklist.map((fullName) => ({
    fullName,
    default: fullName === field.defaultValue,
    label: fullName,
  }));
  return { valueSet: { restricted, valueSetDefinition: { sorted: false, value } } };
}
