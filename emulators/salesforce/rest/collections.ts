/**
 * sObject Collections: up to 200 records a call, judged one by one, answered in the order of the request.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm
 */
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';
import { ApiError, rolledBack, type SaveError, SaveFault } from '../errors.ts';
import { toId18 } from '../ids.ts';
import type { ObjectDef } from '../schema/model.ts';
import { type Draft, readDraft } from '../write/input.ts';
import { removeById } from '../write/remove.ts';
import { insertRecord, updateRecord } from '../write/save.ts';
import { KeyRegister, keyField, keyValue, upsertRecord } from '../write/upsert.ts';
import type { Writer } from '../write/writer.ts';
import { type ApiAnswer, type ApiCall, asList, jsonBody, ok, pathObject, writerOf } from './call.ts';
import { chosenFields, show } from './sobjects.ts';

interface Saved {
  readonly id: string;
  readonly created?: boolean;
}

type Result = Saved | { readonly errors: readonly SaveError[] };

const mostRecords = 200;
const mostRuns = 10;

export function createMany(call: ApiCall): ApiAnswer {
  const { writer, drafts, allOrNone } = readMany(call);
  return saveAll(call, allOrNone, drafts, (draft) => ({ id: String(insertRecord(writer, draft).Id) }));
}

export function updateMany(call: ApiCall): ApiAnswer {
  const { writer, drafts, allOrNone } = readMany(call);
  const byId = Map.groupBy(drafts, (draft) => toId18(draft.id ?? ''));
  return saveAll(call, allOrNone, drafts, (draft) => {
    const id = toId18(draft.id ?? '');
    if (id !== undefined && (byId.get(id)?.length ?? 0) > 1) {
      throw new SaveFault('DUPLICATE_VALUE', `Duplicate id specified: ${id}`, ['Id']);
    }
    return { id: String(updateRecord(writer, draft).Id) };
  });
}

export function upsertMany(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  const { writer, drafts, allOrNone } = readMany(call, object);
  const key = keyField(writer, object, call.params.field ?? '');
  const register = new KeyRegister(
    key,
    drafts.map((draft) => keyValue(draft, key)),
  );
  return saveAll(call, allOrNone, drafts, (draft) => {
    const value = keyValue(draft, key);
    register.assertOnce(value);
    const { row, created } = upsertRecord(writer, draft, key, value);
    return { id: String(row.Id), created };
  });
}

export function deleteMany(call: ApiCall): ApiAnswer {
  const { query } = call.request;
  const ids = (query.get('ids') ?? '').split(',').filter((id) => id !== '');
  checkSize(ids.length);
  const writer = writerOf(call);
  return saveAll(call, query.get('allOrNone') === 'true', ids, (id) => ({ id: removeById(writer, id) }));
}

function readMany(call: ApiCall, only?: ObjectDef): { writer: Writer; drafts: Draft[]; allOrNone: boolean } {
  const body = jsonBody(call);
  const records = asList(body.records).filter(isJsonObject);
  checkSize(records.length);
  const writer = writerOf(call);
  const types = records.map((record) => only ?? typeOf(call, record));
  checkRuns(types);
  const drafts = records.map((record, index) => readDraft(writer, types[index] as ObjectDef, record));
  return { writer, drafts, allOrNone: body.allOrNone === true };
}

function checkSize(count: number): void {
  if (count === 0) throw new ApiError(400, 'REQUIRED_FIELD_MISSING', 'At least 1 record is required');
  if (count <= mostRecords) return;
  const message = `record limit reached. cannot submit more than ${mostRecords} records into this call`;
  throw new ApiError(400, 'EXCEEDED_MAX_SIZE_REQUEST', message);
}

/** Records of one type that follow each other are a chunk: who mixes types must sort by them. */
function checkRuns(types: readonly ObjectDef[]): void {
  const runs = types.filter((type, index) => type !== types[index - 1]).length;
  if (runs <= mostRuns) return;
  const message = `Cannot have more than ${mostRuns} chunks in a single operation. Please rearrange the data to reduce chunking.`;
  throw new ApiError(400, 'LIMIT_EXCEEDED', message);
}

function typeOf({ org }: ApiCall, { attributes }: JsonObject): ObjectDef {
  const type = isJsonObject(attributes ?? null) ? (attributes as JsonObject).type : undefined;
  const object = org.access.object(String(type));
  if (object !== undefined) return object;
  throw new ApiError(400, 'INVALID_TYPE', `sObject type '${type}' is not supported.`);
}

function saveAll<T>(
  { org }: ApiCall,
  allOrNone: boolean,
  items: readonly T[],
  save: (item: T) => Saved,
): ApiAnswer {
  const results = org.journal.attempt(
    () => items.map((item) => attemptOne(() => org.journal.attempt(() => save(item)))),
    (saved) => !allOrNone || saved.every((result) => 'id' in result),
  );
  const failed = allOrNone && results.some((result) => 'errors' in result);
  return ok(results.map((result) => resultOf(failed && 'id' in result ? { errors: [rolledBack] } : result)));
}

function attemptOne(save: () => Saved): Result {
  try {
    return save();
  } catch (error) {
    if (error instanceof SaveFault) return { errors: error.errors };
    if (!(error instanceof ApiError)) throw error;
    return { errors: [{ statusCode: error.errorCode, message: error.message, fields: error.fields ?? [] }] };
  }
}

/** A refused item has no id. */
function resultOf(result: Result): object {
  if ('errors' in result) return { success: false, errors: result.errors };
  const { id, created } = result;
  return created === undefined
    ? { id, success: true, errors: [] }
    : { id, success: true, errors: [], created };
}

export function retrieveMany(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  const { query, method } = call.request;
  const body = method === 'POST' ? jsonBody(call) : undefined;
  const ids = body ? asList(body.ids).map(String) : (query.get('ids') ?? '').split(',');
  const names = body ? asList(body.fields).map(String).join(',') : query.get('fields');
  if (!names) throw new ApiError(400, 'MISSING_ARGUMENT', 'The fields parameter is required');
  const fields = chosenFields(call, object, names);
  return ok(ids.map((id) => showOrNull(call, object, id, fields)));
}

function showOrNull(
  call: ApiCall,
  object: ObjectDef,
  id: string,
  fields: Parameters<typeof show>[3],
): Json | object {
  const row = call.org.table(object.name).get(toId18(id.trim()) ?? '');
  return row === undefined || row.IsDeleted === true ? null : show(call, object, row, fields);
}
