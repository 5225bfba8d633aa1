/** The hub's field types and HubSpot's pairs of type and field type, in one table. */
import {
  PropertyCreateFieldTypeEnum as FieldKind,
  PropertyCreateTypeEnum as Kind,
} from '@hubspot/api-client/lib/codegen/crm/properties/models/PropertyCreate.js';
import type { FieldType } from '../../../src/connector/contract/fields.ts';

interface PropertyKind {
  readonly type: Kind;
  readonly fieldType: FieldKind;
}

/** What a new property of each type is made as. References to other records are associations, not properties. */
export const kindOf: Readonly<Record<FieldType, PropertyKind>> = {
  text: { type: Kind.String, fieldType: FieldKind.Text },
  longtext: { type: Kind.String, fieldType: FieldKind.Textarea },
  number: { type: Kind.Number, fieldType: FieldKind.Number },
  money: { type: Kind.Number, fieldType: FieldKind.Number },
  percent: { type: Kind.Number, fieldType: FieldKind.Number },
  boolean: { type: Kind.Bool, fieldType: FieldKind.Booleancheckbox },
  date: { type: Kind.Date, fieldType: FieldKind.Date },
  time: { type: Kind.Datetime, fieldType: FieldKind.Date },
  email: { type: Kind.String, fieldType: FieldKind.Text },
  phone: { type: Kind.String, fieldType: FieldKind.Text },
  url: { type: Kind.String, fieldType: FieldKind.Text },
  picklist: { type: Kind.Enumeration, fieldType: FieldKind.Select },
  multipicklist: { type: Kind.Enumeration, fieldType: FieldKind.Checkbox },
  reference: { type: Kind.String, fieldType: FieldKind.Text },
  other: { type: Kind.String, fieldType: FieldKind.Text },
};

const byType: Readonly<Record<string, FieldType>> = {
  string: 'text',
  number: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'time',
  enumeration: 'picklist',
  phone_number: 'phone',
};

const byFieldType: Readonly<Record<string, FieldType>> = {
  'string textarea': 'longtext',
  'string html': 'longtext',
  'string phonenumber': 'phone',
  'enumeration checkbox': 'multipicklist',
  'enumeration booleancheckbox': 'boolean',
};

/** The hub's type of an existing property; `other` for types that are new to us. */
export function fieldTypeOf(property: {
  readonly name: string;
  readonly type: string;
  readonly fieldType: string;
}): FieldType {
  if (property.name === 'email') return 'email';
  return byFieldType[`${property.type} ${property.fieldType}`] ?? byType[property.type] ?? 'other';
}
