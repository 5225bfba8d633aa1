/** Insert or update by a field that names the record. */
import { ApiError, SaveFault } from '../errors.ts';
import { toId18 } from '../ids.ts';
import type { FieldDef, ObjectDef, Row, Value } from '../schema/model.ts';
import { type Draft, manyMatches } from './input.ts';
import { insertRecord, updateRecord } from './save.ts';
import type { Writer } from './writer.ts';

/** The record's value of the key field; null when it has none. */
export function keyValue(draft: Draft, key: FieldDef): Value {
  if (key.name === 'Id') return draft.id ?? null;
  return draft.fields.find(([field]) => field.name === key.name)?.[1] ?? null;
}

/** Every record that shares its key with another one of the same call is refused. */
export class KeyRegister {
  readonly #key: FieldDef;
  readonly #counts: ReadonlyMap<string, number>;

  constructor(key: FieldDef, values: readonly Value[]) {
    const groups = Map.groupBy(values, (value) => String(value).toLowerCase());
    this.#key = key;
    this.#counts = new Map([...groups].map(([value, group]) => [value, group.length]));
  }

  assertOnce(value: Value): void {
    const { name } = this.#key;
    if (value === null) throw new SaveFault('MISSING_ARGUMENT', `${name} not specified`);
    if ((this.#counts.get(String(value).toLowerCase()) ?? 0) <= 1) return;
    throw new SaveFault('DUPLICATE_VALUE', `Duplicate external id specified: ${value}`, [name]);
  }
}

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
  const wanted = typeof value === 'string' ? value.trim() : value;
  const rows = org.table(object.name).lookup(field.name, wanted);
  return field.caseSensitive ? rows.filter((row) => row[field.name] === wanted) : rows;
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
