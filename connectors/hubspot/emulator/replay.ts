/** An account that holds nothing but recorded rows, for `hub replay`. */
import type { LoopbackRequest } from '../../../src/emulator/exchange.ts';
import type { Exchange } from '../../../src/emulator/recording.ts';
import { type RecordedRow, type ReplayDefinition, serveReplay } from '../../../src/emulator/replay.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';

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
const legacyPath = /^\/contacts\/v1\/contact\//;
const unknownTime = '2000-01-01T00:00:00.000Z';

export const hubspotReplay: ReplayDefinition = {
  system: 'hubspot',
  recognizes: ({ host, path, body }) =>
    /hubapi\.com|hubspot/.test(host + path) ||
    objectPath.test(path) ||
    legacyPath.test(path) ||
    answerRows(body).length > 0,
  recordsIn: (exchange) => [...crmRows(exchange), ...legacyContact(exchange)],
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

function crmRows({ path, body }: Exchange): RecordedRow[] {
  const named = objectPath.exec(path)?.[1] ?? '';
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

/** The first contacts API wraps each value; what it said is told in today's shape. */
function legacyContact({ path, body }: Exchange): RecordedRow[] {
  if (!legacyPath.test(path) || !isJsonObject(body) || !isJsonObject(body.properties)) return [];
  const values = Object.entries(body.properties).map(([name, wrapped]): [string, Json] => [
    name,
    isJsonObject(wrapped) ? (wrapped.value ?? null) : null,
  ]);
  const properties: JsonObject = Object.fromEntries(values);
  const id = String(body.vid);
  const times = { createdAt: isoOf(properties.createdate), updatedAt: isoOf(properties.lastmodifieddate) };
  return [{ object: 'contacts', id, body: { id, ...times, properties } }];
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
