/** What an object has, in the hub's words. */
import type { FieldDescription, FieldType } from '../../src/connector/contract.ts';
import { Fault } from '../../src/connector/fault.ts';
import type { HubConnection } from './connection.ts';

const types: Readonly<Record<string, FieldType>> = {
  string: 'text',
  encryptedstring: 'text',
  id: 'text',
  combobox: 'text',
  textarea: 'longtext',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'money',
  percent: 'percent',
  boolean: 'boolean',
  date: 'date',
  datetime: 'time',
  email: 'email',
  phone: 'phone',
  url: 'url',
  picklist: 'picklist',
  multipicklist: 'multipicklist',
  reference: 'reference',
};

/** Fields that the hub's user may see; those without field-level security do not appear at all. */
export async function describeFields(connection: HubConnection, object: string): Promise<FieldDescription[]> {
  const { fields } = await connection.describe(object);
  return fields.map((field) => ({
    name: field.name,
    label: field.label,
    type: types[field.type] ?? 'other',
    readable: true,
    writable: field.createable || field.updateable,
    required: field.createable && !field.nillable && !field.defaultedOnCreate,
    unique: field.unique,
    ...(field.length > 0 ? { maxLength: field.length } : {}),
    ...optionsOf(field.picklistValues),
  }));
}

/** Null for an object that does not exist, or that the hub's user may not see. */
export async function describeIfVisible(
  connection: HubConnection,
  object: string,
): Promise<FieldDescription[] | null> {
  try {
    return await describeFields(connection, object);
  } catch (error) {
    if (error instanceof Fault && (error.code === 'NOT_FOUND' || error.code === 'INVALID_TYPE')) return null;
    throw error;
  }
}

interface PicklistValue {
  readonly value: string;
  readonly active: boolean;
}

function optionsOf(values: readonly PicklistValue[] | null | undefined): { options?: string[] } {
  const active = (values ?? []).filter((value) => value.active).map(({ value }) => value);
  return active.length > 0 ? { options: active } : {};
}
