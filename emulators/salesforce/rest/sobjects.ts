/** Describe, and single records by id or external id. */
import { createHash } from 'node:crypto';
import { ApiError, notFound } from '../errors.ts';
import { toId18 } from '../ids.ts';
import { briefUrls, describeGlobal, describeObject, summary } from '../schema/describe.ts';
import type { FieldDef, ObjectDef, Row } from '../schema/model.ts';
import { reader } from '../soql/columns.ts';
import { deserialize } from '../write/deserialize.ts';
import { noSuchColumn, readDraft } from '../write/input.ts';
import { removeById } from '../write/remove.ts';
import { insertRecord, updateRecord } from '../write/save.ts';
import { findByKey, keyField, upsertRecord } from '../write/upsert.ts';
import { type ApiAnswer, type ApiCall, jsonBody, noContent, ok, pathObject, writerOf } from './call.ts';

export function globalDescribe({ org, base }: ApiCall): ApiAnswer {
  return ok(describeGlobal(org.access, org.catalog, base));
}

export function basicInfo(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  return ok({ objectDescribe: { ...summary(object), urls: briefUrls(object, call.base) }, recentItems: [] });
}

export function describe(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  const { org, api, request, base } = call;
  const changedAt = Math.max(org.catalog.changedAt(object), org.access.changedAt);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  const headers = {
    'Last-Modified': new Date(changedAt).toUTCString(),
    ETag: `"${org.access.version.toString(16)}"`,
  };
  if (since >= Math.floor(changedAt / 1000) * 1000) return { status: 304, headers };
  return { status: 200, headers, json: describeObject(object, org.access, org.catalog, base, api.url()) };
}

export function create(call: ApiCall): ApiAnswer {
  const writer = writerOf(call);
  const object = pathObject(call);
  const { Id } = call.org.journal.attempt(() =>
    insertRecord(writer, readDraft(writer, object, jsonBody(call))),
  );
  return created(call, object, Id);
}

function created({ base }: ApiCall, object: ObjectDef, id: Row[string] | undefined): ApiAnswer {
  const headers = { Location: `${base}/sobjects/${object.name}/${id}` };
  return { status: 201, headers, json: { id, success: true, errors: [] } };
}

export function retrieve(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  const row = findLive(call, object, call.params.id ?? '');
  const modified = Date.parse(String(row.LastModifiedDate));
  const headers = { 'Last-Modified': new Date(modified).toUTCString(), ...etag(object, row) };
  if (Date.parse(call.request.headers['if-modified-since'] ?? '') >= modified)
    return { status: 304, headers };
  const fields = chosenFields(call, object, call.request.query.get('fields'));
  return { status: 200, headers, json: show(call, object, row, fields) };
}

/** Only accounts have one. */
function etag(object: ObjectDef, row: Row): { ETag?: string } {
  if (object.name !== 'Account') return {};
  return { ETag: `"${createHash('sha256').update(JSON.stringify(row)).digest('base64')}"` };
}

function findLive({ org }: ApiCall, object: ObjectDef, id: string): Row {
  const id18 = toId18(id);
  const row = id18 === undefined ? undefined : org.table(object.name).get(id18);
  if (row === undefined || row.IsDeleted === true) throw notFound();
  return row;
}

/** Named fields, or all that the user sees. */
export function chosenFields({ org }: ApiCall, object: ObjectDef, names: string | null): readonly FieldDef[] {
  if (names === null || names === '') return org.access.fields(object);
  return names.split(',').map((name) => {
    const field = org.access.field(object, name.trim());
    if (field === undefined)
      throw new ApiError(400, 'INVALID_FIELD', noSuchColumn(object, name.trim()).message);
    return field;
  });
}

export function show({ base }: ApiCall, object: ObjectDef, row: Row, fields: readonly FieldDef[]): object {
  const attributes = { type: object.name, url: `${base}/sobjects/${object.name}/${row.Id}` };
  return { attributes, ...Object.fromEntries(fields.map((field) => [field.name, reader(field)(row)])) };
}

export function update(call: ApiCall): ApiAnswer {
  const writer = writerOf(call);
  const object = pathObject(call);
  refuseChanged(call, object, call.params.id ?? '');
  const draft = { ...readDraft(writer, object, withoutId(jsonBody(call))), id: call.params.id };
  call.org.journal.attempt(() => updateRecord(writer, draft));
  return noContent;
}

function withoutId<T extends object>(record: T): T {
  const named = Object.keys(record).find((name) => name.toLowerCase() === 'id');
  if (named === undefined) return record;
  const message = 'The Id field should not be specified in the sobject data.';
  throw new ApiError(400, 'INVALID_FIELD', message, ['Id']);
}

/** `If-Unmodified-Since`: nothing is written when somebody was faster. */
function refuseChanged({ org, request }: ApiCall, object: ObjectDef, id: string): void {
  const since = Date.parse(request.headers['if-unmodified-since'] ?? '');
  const row = org.table(object.name).get(toId18(id) ?? '');
  if (Number.isNaN(since) || row === undefined || Date.parse(String(row.LastModifiedDate)) <= since) return;
  throw new ApiError(412, 'PRECONDITION_FAILED', 'The record has been modified since the given date');
}

export function remove(call: ApiCall): ApiAnswer {
  const writer = writerOf(call);
  const object = pathObject(call);
  call.org.journal.attempt(() => removeById(writer, call.params.id ?? '', object));
  return noContent;
}

export function retrieveByKey(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  const writer = writerOf(call);
  const field = keyField(writer, object, call.params.field ?? '');
  const found = findByKey(writer, object, field, deserialize(field, call.params.value ?? ''));
  const [row] = found;
  if (row === undefined) throw notFound();
  if (found.length > 1) return choices(call, object, found);
  return ok(show(call, object, row, chosenFields(call, object, call.request.query.get('fields'))));
}

/** Several records bear the external id: 300, with the addresses of all of them. */
function choices({ base }: ApiCall, object: ObjectDef, found: readonly Row[]): ApiAnswer {
  return { status: 300, json: found.map((row) => `${base}/sobjects/${object.name}/${row.Id}`) };
}

const bodyOnUpdateSince = 46;

export function upsert(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  const writer = writerOf(call);
  const field = keyField(writer, object, call.params.field ?? '');
  const value = deserialize(field, call.params.value ?? '');
  const found = findByKey(writer, object, field, value);
  if (found.length > 1) return choices(call, object, found);
  const draft = readDraft(writer, object, jsonBody(call));
  if (draft.fields.some(([one]) => one.name === field.name)) {
    const message = `The ${field.name} field should not be specified in the sobject data.`;
    throw new ApiError(400, 'INVALID_FIELD', message, [field.name]);
  }
  const { row, created: isNew } = call.org.journal.attempt(() => upsertRecord(writer, draft, field, value));
  const json = { id: row.Id, success: true, errors: [], created: isNew };
  if (isNew) return { ...created(call, object, row.Id), json };
  return Number(call.version) >= bodyOnUpdateSince ? { status: 200, json } : noContent;
}
