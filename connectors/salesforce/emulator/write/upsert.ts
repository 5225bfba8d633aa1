/** Insert or update by a field that names the record. */
import { ApiError } from '../errors.ts';
import { toId18 } from '../ids.ts';
import type { FieldDef, ObjectDef, Row, Value } from '../schema/model.ts';
import { type Draft, manyMatches } from './input.ts';
import { insertRecord, updateRecord } from './save.ts';
import type { Writer } from './writer.ts';

export interface Upserted {
  readonly row: Row;
  readonly created: boolean;
}

/** The field that an upsert may go by: an external id, Id, or one with idLookup. */
export function keyField(writer: Writer, object: ObjectDef, name: string): FieldDef {
  const field = writer.eyes.field(object, name);
  if (field !== undefined && (field.externalId || field.idLookup)) return field;
  const message = `Field name provided, ${name} does not match an External ID, Salesforce Id, or indexed field for ${object.name}`;
  throw new ApiError(400, 'INVALID_FIELD', message);
}

export function findByKey({ org }: Writer, object: ObjectDef, field: FieldDef, value: Value): readonly Row[] {
  if (value === null) return [];
  if (field.name === 'Id') {
    const row = org.table(object.name).get(toId18(String(value)) ?? '');
    return row === undefined ? [] : [row];
  }
  const rows = org.table(object.name).lookup(field.name, value);
  return field.caseSensitive ? rows.filter((row) => row[field.name] === value) : rows;
}

export function upsertRecord(writer: Writer, draft: Draft, field: FieldDef, value: Value): Upserted {
  const found = findByKey(writer, draft.object, field, value);
  if (found.length > 1) throw manyMatches(field, found);
  const [match] = found;
  if (match !== undefined) {
    const fields = draft.fields.filter(([one]) => one.name !== field.name);
    return { row: updateRecord(writer, { ...draft, fields, id: String(match.Id) }), created: false };
  }
  if (field.name === 'Id' && value !== null) {
    return { row: updateRecord(writer, { ...draft, id: String(value) }), created: false };
  }
  const named = draft.fields.some(([one]) => one.name === field.name) || field.name === 'Id';
  const fields: Draft['fields'] = named ? draft.fields : [...draft.fields, [field, value]];
  return { row: insertRecord(writer, { ...draft, id: undefined, fields }), created: true };
}
