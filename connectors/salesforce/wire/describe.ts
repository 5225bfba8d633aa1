/** What an object has, in the hub's words. */
import type { DescribeSObjectResult } from 'jsforce/lib/types/common.js';
import { z } from 'zod';
import type { FieldDescription, FieldType } from '../../../src/connector/contract/fields.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { isJsonObject } from '../../../src/support/json.ts';
import type { HubConnection } from './connection.ts';
import { expected } from './faults.ts';

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

/** As Salesforce says it. Fields that the hub's user may not see do not appear at all. */
export async function describeRaw(connection: HubConnection, object: string): Promise<DescribeSObjectResult> {
  return expected(description, await connection.describe(object), 'description of an object');
}

const description = z.custom<DescribeSObjectResult>(
  (value) => isJsonObject(value) && Array.isArray(value.fields),
);

export async function describeFields(connection: HubConnection, object: string): Promise<FieldDescription[]> {
  const { fields } = await describeRaw(connection, object);
  return fields.map((field) => ({
    name: field.name,
    label: field.label,
    type: types[field.type] ?? 'other',
    readable: true,
    writable: field.createable || field.updateable,
    required: field.createable && !field.nillable && !field.defaultedOnCreate,
    unique: field.unique,
    ...(field.length > 0 ? { maxLength: field.length } : {}),
    ...(field.restrictedPicklist ? { restricted: true } : {}),
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
