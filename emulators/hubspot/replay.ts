/** An account that holds nothing but recorded rows, for `hub replay`. */

import { isJsonObject, type Json, type JsonObject } from '../../src/support/json.ts';
import type { LoopbackRequest } from '../loopback/exchange.ts';
import { type Exchange, objectsIn } from '../loopback/recording.ts';
import { type RecordedRow, type ReplayDefinition, serveReplay } from '../loopback/replay.ts';

/** Recordings use the names and the numbers of object types as well as the plural that today's paths have. */
const objectNames: Readonly<Record<string, string>> = {
  CONTACT: 'contacts',
  CONTACTS: 'contacts',
  '0-1': 'contacts',
  COMPANY: 'companies',
  COMPANIES: 'companies',
  '0-2': 'companies',
  DEAL: 'deals',
  DEALS: 'deals',
  '0-3': 'deals',
  TICKET: 'tickets',
  TICKETS: 'tickets',
  '0-5': 'tickets',
};

const objectPath = /\/crm\/(?:v\d|objects)\/(?:objects|20\d\d-\d\d)\/([^/]+)/;
const olderPath = /^\/(?!.*oauth|crm\/|integrations|form-integrations)[\w-]+(?:\/[\w-]+)?\/v[12]\//;
const unknownTime = '2000-01-01T00:00:00.000Z';

export const hubspotReplay: ReplayDefinition = {
  system: 'hubspot',
  recognizes: ({ host, path, body }) =>
    /hubapi\.com|hubspot/.test(host + path) ||
    objectPath.test(path) ||
    answerRows(body).length > 0 ||
    legacyRows(body).length > 0,
  recordsIn: (exchange, object) => [...crmRows(exchange, object), ...legacyRows(exchange.body)],
  notRead: ({ path, body }) => {
    if (answerRows(body).length > 0) return 'rows that do not say what they are: name it with --object';
    return olderPath.test(path)
      ? 'an API before v3, of which only contacts, companies and deals with their properties are read'
      : null;
  },
  merge: (before, after) => ({ ...before, ...after, properties: { ...props(before), ...props(after) } }),
  complete: (row) => {
    const times = { createdAt: unknownTime, updatedAt: unknownTime };
    const added = Object.keys(times).filter((name) => !(name in row.body));
    return { row: { ...row, body: { ...times, ...row.body } }, added };
  },
  own: ['id', 'createdAt', 'updatedAt', 'archived', 'associations', 'properties.hs_object_id'],
  serve: async (rows) => {
    const byObject = Map.groupBy(rows, ({ object }) => object);
    const { url, close } = await serveReplay((request) => answer(request, byObject));
    return { url, config: { baseUrl: url, apiVersion: 'legacy', accessToken: 'pat-replay' }, close };
  },
};

function crmRows({ path, body }: Exchange, given = ''): RecordedRow[] {
  const named = objectPath.exec(path)?.[1] ?? given;
  const object = objectNames[named.toUpperCase()] ?? named;
  if (object === '') return [];
  return answerRows(body).map((row) => ({ object, id: String(row.id), body: row }));
}

/** Of a page or a batch, or the one row that the answer is. */
function answerRows(body: Json): JsonObject[] {
  if (!isJsonObject(body)) return [];
  const rows: readonly Json[] = Array.isArray(body.results) ? body.results : [body];
  return rows
    .filter(isJsonObject)
    .filter((row) => typeof row.id === 'string' && isJsonObject(row.properties));
}

const legacyIds: Readonly<Record<string, string>> = {
  vid: 'contacts',
  companyId: 'companies',
  dealId: 'deals',
};

/** The APIs before v3 wrap each value; what they said is told in today's shape. */
function legacyRows(body: Json): RecordedRow[] {
  return [...objectsIn(body)].flatMap((row) => {
    const name = Object.keys(legacyIds).find((key) => typeof row[key] === 'number');
    const { properties } = row;
    if (name === undefined || !isJsonObject(properties)) return [];
    return legacyRow(legacyIds[name] ?? '', String(row[name]), properties);
  });
}

function legacyRow(object: string, id: string, wrapped: JsonObject): RecordedRow {
  const values = Object.entries(wrapped).map(([name, one]): [string, Json] => [
    name,
    isJsonObject(one) ? (one.value ?? null) : null,
  ]);
  const properties: JsonObject = Object.fromEntries(values);
  const modified = properties.lastmodifieddate ?? properties.hs_lastmodifieddate;
  const times = { createdAt: isoOf(properties.createdate), updatedAt: isoOf(modified) };
  return { object, id, body: { id, ...times, properties } };
}

function isoOf(ms: Json | undefined): string {
  return /^\d+$/.test(String(ms)) ? new Date(Number(ms)).toISOString() : unknownTime;
}

function props({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

function answer({ path, query }: LoopbackRequest, rows: ReadonlyMap<string, readonly RecordedRow[]>) {
  const object = objectPath.exec(path)?.[1];
  const isList = object !== undefined && query.get('archived') !== 'true';
  const results = isList ? (rows.get(object) ?? []).map(({ body }) => body) : [];
  return { status: 200, json: { status: 'COMPLETE', results } };
}
