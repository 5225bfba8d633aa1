/** An org that holds nothing but recorded rows, for `hub replay`. */

import { isJsonObject, type Json, type JsonObject } from '../../src/support/json.ts';
import type { LoopbackRequest } from '../loopback/exchange.ts';
import { type Exchange, objectsIn } from '../loopback/recording.ts';
import { type RecordedRow, type ReplayDefinition, serveReplay } from '../loopback/replay.ts';

/** Rows whose change time was not recorded are as old as can be: any recorded time counts as later. */
const unknownTime = '2000-01-01T00:00:00.000+0000';
const alwaysThere: Readonly<JsonObject> = {
  CreatedDate: unknownTime,
  SystemModstamp: unknownTime,
  IsDeleted: false,
};

export const salesforceReplay: ReplayDefinition = {
  system: 'salesforce',
  recognizes: ({ host, path, body }) =>
    /salesforce\.com/.test(host) || path.startsWith('/services/') || [...objectsIn(body)].some(isRow),
  recordsIn: ({ body }: Exchange, object) => {
    const named = [...objectsIn(body)].filter(isRow).map(rowOf);
    return named.length > 0 || object === undefined
      ? named
      : unnamedRows(body).map((row) => asRow(row, object));
  },
  notRead: ({ body }: Exchange) => {
    if (unnamedRows(body).length > 0) return 'rows that do not say what they are: name it with --object';
    if ([...objectsIn(body)].some(({ ChangeEventHeader }) => ChangeEventHeader !== undefined))
      return 'change events, which the hub does not listen to';
    return null;
  },
  merge: (before, after) => ({ ...before, ...after }),
  complete: (row) => {
    const added = Object.keys(alwaysThere).filter((name) => !(name in row.body));
    return { row: { ...row, body: { ...alwaysThere, ...row.body } }, added };
  },
  own: [...Object.keys(alwaysThere), 'Id', 'LastModifiedById', 'MasterRecordId'],
  serve: async (rows) => {
    const byObject = Map.groupBy(rows, ({ object }) => object);
    const { url, close } = await serveReplay((request) => answer(request, byObject));
    const config = { loginUrl: url, clientId: 'replay', clientSecret: 'replay' };
    return { url, config, close };
  },
};

/** A row names its type and where it can be read; a record that is being sent has no URL. */
function isRow({ attributes }: JsonObject): boolean {
  return (
    isJsonObject(attributes) && typeof attributes.type === 'string' && typeof attributes.url === 'string'
  );
}

function rowOf({ attributes, ...body }: JsonObject): RecordedRow {
  const { type, url } = isJsonObject(attributes) ? attributes : {};
  const id = typeof body.Id === 'string' ? body.Id : String(url).split('/').at(-1);
  const own = Object.entries(body).filter(([, value]) => !isChildren(value));
  return { object: String(type), id: id ?? '', body: { ...Object.fromEntries(own), Id: id ?? '' } };
}

/** Records without the type that they are of, as tools save them: each has its id and a field at least. */
function unnamedRows(body: Json): JsonObject[] {
  const rows: readonly Json[] =
    isJsonObject(body) && Array.isArray(body.records) ? body.records : [body].flat();
  return rows
    .filter(isJsonObject)
    .filter((row) => !isRow(row) && /^[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?$/.test(String(row.Id ?? '')))
    .filter((row) => Object.keys(row).length > 1);
}

function asRow(row: JsonObject, object: string): RecordedRow {
  const id = String(row.Id);
  return rowOf({ ...row, attributes: { type: object, url: id } });
}

/** Children of a subquery come as a result of their own; they are rows by themselves. */
function isChildren(value: Json): boolean {
  return isJsonObject(value) && Array.isArray(value.records) && 'totalSize' in value;
}

function answer(request: LoopbackRequest, rows: ReadonlyMap<string, readonly RecordedRow[]>) {
  const { path, query } = request;
  if (path === '/services/oauth2/token') return { status: 200, json: token(request) };
  if (/\/sobjects\/\w+\/deleted\/?$/.test(path)) return { status: 200, json: nothingDeleted() };
  if (!/\/query(All)?\/?$/.test(path)) return null;
  const object = /\bFROM (\w+)/.exec(query.get('q') ?? '')?.[1] ?? '';
  const records = (rows.get(object) ?? []).map(({ body, id }) => ({
    attributes: { type: object, url: `${path.replace(/\/query(All)?\/?$/, '')}/sobjects/${object}/${id}` },
    ...body,
  }));
  return { status: 200, json: { totalSize: records.length, done: true, records } };
}

function token({ headers }: LoopbackRequest): JsonObject {
  const url = `http://${headers.host ?? '127.0.0.1'}`;
  const identity = `${url}/id/00D000000000000EAA/005000000000000AAA`;
  return { access_token: 'replay', token_type: 'Bearer', instance_url: url, id: identity };
}

function nothingDeleted(): JsonObject {
  const now = new Date().toISOString();
  return { deletedRecords: [], earliestDateAvailable: unknownTime, latestDateCovered: now };
}
