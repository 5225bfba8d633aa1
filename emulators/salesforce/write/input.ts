/** A record as a client sends it, made into values of fields. */
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';
import { ApiError, SaveFault } from '../errors.ts';
import type { FieldDef, ObjectDef, Row, Value } from '../schema/model.ts';
import { deserialize } from './deserialize.ts';
import { validate } from './validate.ts';
import type { Writer } from './writer.ts';

/** What came, parsed but not yet judged. */
export interface Draft {
  readonly object: ObjectDef;
  /** As given; undefined when absent. */
  readonly id: string | undefined;
  readonly fields: readonly (readonly [FieldDef, Value])[];
  /** What is wrong with it before any field is judged. */
  readonly fault: SaveFault | undefined;
}

export type Operation = 'insert' | 'update';

/** Throws `ApiError` for what spoils the request; what spoils only this record is kept in the draft. */
export function readDraft(writer: Writer, object: ObjectDef, record: JsonObject): Draft {
  const fields: [FieldDef, Value][] = [];
  let id: string | undefined;
  let fault: SaveFault | undefined;
  for (const [name, json] of Object.entries(record)) {
    if (name === 'attributes') continue;
    if (name.toLowerCase() === 'id') id = json === null ? undefined : String(json);
    else {
      try {
        fields.push(readField(writer, object, name, json));
      } catch (error) {
        if (!(error instanceof SaveFault)) throw error;
        fault ??= error;
      }
    }
  }
  return { object, id, fields, fault };
}

function readField(writer: Writer, object: ObjectDef, name: string, json: Json): [FieldDef, Value] {
  const field = writer.eyes.field(object, name);
  if (field !== undefined) return [field, deserialize(field, json)];
  const link = writer.eyes.relationship(object, name);
  if (link === undefined || !isJsonObject(json)) throw noSuchColumn(object, name);
  return [link, findParent(writer, link, json)];
}

export function noSuchColumn(object: ObjectDef, name: string): SaveFault {
  return new SaveFault('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`);
}

/** `"Account": { "External__c": "A-1" }` names the parent by its external id. */
function findParent({ org, eyes }: Writer, link: FieldDef, json: JsonObject): string {
  const target = org.catalog.object(targetOf(link, json)) as ObjectDef;
  const [key] = Object.entries(json).filter(([name]) => name !== 'attributes');
  const field = key && eyes.field(target, key[0]);
  if (key === undefined || field === undefined) throw noSuchColumn(target, key?.[0] ?? '');
  const value = deserialize(field, key[1]);
  const found = org.table(target.name).lookup(field.name, value);
  const said = `${value} not found for field ${field.name} in entity ${target.name}`;
  if (found.length === 1) return String(found[0]?.Id);
  if (found.length === 0) throw new SaveFault('INVALID_FIELD', `Foreign key external ID: ${said}`);
  throw manyMatches(field, found);
}

export function manyMatches(field: FieldDef, found: readonly Row[]): SaveFault {
  const ids = found.map((row) => row.Id).join(', ');
  const message = `${field.label}: more than one record found for external id field: [${ids}]`;
  return new SaveFault('DUPLICATE_EXTERNAL_ID', message);
}

function targetOf(link: FieldDef, json: JsonObject): string {
  if (link.referenceTo.length === 1) return link.referenceTo[0] ?? '';
  const { attributes } = json;
  if (Object.keys(json)[0] === 'attributes' && isJsonObject(attributes ?? null)) {
    return String((attributes as JsonObject).type);
  }
  const message =
    'Nested object for polymorphic foreign key must have an attributes field before any other fields.';
  throw new ApiError(400, 'JSON_PARSER_ERROR', message);
}

/** The values that the fields accept; throws `SaveFault` for the first that they do not. */
export function judge({ org, eyes }: Writer, draft: Draft, operation: Operation): Row {
  if (draft.fault !== undefined) throw draft.fault;
  const isOpen = operation === 'insert' ? eyes.canInsert : eyes.canUpdate;
  const closed = draft.fields.map(([field]) => field).filter((field) => !isOpen(draft.object, field));
  if (closed.length > 0) throw notWritable(closed);
  return Object.fromEntries(draft.fields.map(([field, value]) => [field.name, validate(org, field, value)]));
}

function notWritable(fields: readonly FieldDef[]): SaveFault {
  const names = fields.map((field) => field.name);
  const message = `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`;
  return new SaveFault('INVALID_FIELD_FOR_INSERT_UPDATE', message, names);
}
