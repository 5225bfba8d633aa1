/**
 * JSON values read as values of a field. What does not even parse spoils the whole request, before any record
 * is looked at: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 */
import type { Json } from '../../../src/support/json.ts';
import { ApiError } from '../errors.ts';
import type { FieldDef, FieldType, Value } from '../schema/model.ts';
import { isDate, parseTime, wireTime } from '../time.ts';

type Read = (json: Json) => Value | undefined;

const asText: Read = (json) => (typeof json === 'string' ? json : undefined);

const asNumber: Read = (json) => {
  if (typeof json === 'number') return json;
  if (typeof json !== 'string' || json.trim() === '') return json === '' ? null : undefined;
  return Number.isFinite(Number(json)) ? Number(json) : undefined;
};

const asInteger: Read = (json) => {
  const number = asNumber(json);
  return typeof number !== 'number' || Number.isInteger(number) ? number : undefined;
};

const asBoolean: Read = (json) => {
  if (typeof json === 'boolean') return json;
  const word = typeof json === 'string' ? json.toLowerCase() : '';
  return word === 'true' ? true : word === 'false' ? false : undefined;
};

const asDate: Read = (json) => {
  if (typeof json !== 'string') return undefined;
  if (json === '') return null;
  const day = parseTime(json) === undefined ? json : json.slice(0, 10);
  return isDate(day) ? day : undefined;
};

const asTime: Read = (json) => {
  if (typeof json !== 'string') return undefined;
  if (json === '') return null;
  const ms = parseTime(json);
  return ms === undefined ? undefined : wireTime(ms);
};

const readers: Partial<Record<FieldType, Read>> = {
  boolean: asBoolean,
  int: asInteger,
  double: asNumber,
  currency: asNumber,
  percent: asNumber,
  date: asDate,
  datetime: asTime,
};

/** Undefined for what is not of the field's type. */
export function tryDeserialize(field: FieldDef, json: Json): Value | undefined {
  if (json === null) return null;
  return (readers[field.type] ?? asText)(json);
}

export function deserialize(field: FieldDef, json: Json): Value {
  const value = tryDeserialize(field, json);
  if (value !== undefined) return value;
  throw cannotDeserialize(field.type, json);
}

const typeNames: Partial<Record<FieldType, string>> = {
  textarea: 'string',
  picklist: 'string',
  boolean: 'boolean',
};

function cannotDeserialize(type: FieldType, json: Json): ApiError {
  const wanted = typeNames[type] ?? type;
  const message = `Cannot deserialize instance of ${wanted} from ${token(json)} or request may be missing a required field at [line:1, column:1]`;
  return new ApiError(400, 'JSON_PARSER_ERROR', message);
}

function token(json: Json): string {
  if (Array.isArray(json)) return 'START_ARRAY value [';
  if (typeof json === 'object') return 'START_OBJECT value {';
  if (typeof json === 'boolean') return `VALUE_${json ? 'TRUE' : 'FALSE'} value ${json}`;
  if (typeof json === 'number')
    return `VALUE_NUMBER_${Number.isInteger(json) ? 'INT' : 'FLOAT'} value ${json}`;
  return `VALUE_STRING value ${json}`;
}
