/**
 * Recorded requests to HubSpot, sent to the emulator: status, keys, kinds of values and header names must be
 * as recorded. The recordings are of 2022; what HubSpot has added since is listed here with its reason.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/support/json.ts';
import { emulated } from './emulated.ts';

const file = new URL('../../../../shared/fixtures/hubspot/grouparoo-recordings.jsonl', import.meta.url);
const isHere = existsSync(file);

interface Recording {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly reqBody?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Keys that today's answers have and those of 2022 had not. */
const addedSince: Readonly<Record<string, string>> = {
  '.url': 'link to the record, in recordings of 2025 and in the 2026-09 specification',
  '.properties.hs_object_source': 'source of the record, in recordings of 2025',
  '.properties.hs_object_source_id': 'the same',
  '.properties.hs_object_source_label': 'the same',
  '.properties.lifecyclestage': 'a new contact is a lead, in recordings of 2025',
  '.properties.hs_object_id': 'told in every contact update since 2025',
  '.properties.createdate': 'the same',
};

/** The custom object and the properties that the recorded account had. */
const knobs = {
  customObjects: [
    {
      typeId: '2-3604285',
      name: 'grouparoo_object',
      properties: [
        'email',
        'first_name',
        'last_name',
        'number_field',
        'date_field',
        'text_field',
        'grouparoo_object_property',
      ],
    },
  ],
};
const contactFields = { text_field: 'text', number_field: 'number', date_field: 'date' };

const rows: Recording[] = isHere
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Recording)
  : [];
const replayable = rows.filter(({ path, method, status }) => {
  if (path.startsWith('/crm/v3/objects/')) return method === 'POST' && status !== 429;
  return path === '/integrations/v1/me';
});

describe.skipIf(!isHere)(
  'recorded exchanges (skipped where the recordings are not beside the project)',
  () => {
    test('there are some', () => {
      expect(replayable.length).toBeGreaterThan(40);
    });

    test.each(
      replayable.map((row, index) => [`${index + 1} ${row.method} ${row.path}`, row] as const),
    )('%s', async (_name, row) => {
      const portal = await emulated({ knobs });
      for (const [name, type] of Object.entries(contactFields)) {
        const fieldType = type === 'text' ? 'text' : type;
        const body = {
          name,
          label: name,
          type: type === 'text' ? 'string' : type,
          fieldType,
          groupName: 'contactinformation',
        };
        await portal.post('/crm/v3/properties/contacts', body);
      }
      const translated = prepare(portal.emulator, row);
      const answer = await portal.send(row.method, row.path, translated);
      expect(answer.status).toBe(row.status);
      const [told, recorded] = [shapeOf(answer.body), shapeOf(row.body === '' ? undefined : row.body)];
      for (const [key, type] of recorded) expect([key, told.get(key)]).toEqual([key, type]);
      const strangers = [...told.keys()].filter((key) => !recorded.has(key) && !isKnownAddition(key));
      expect(strangers).toEqual([]);
      const names = Object.keys(row.headers ?? {}).filter(
        (name) => name.startsWith('x-hubspot') || name === 'content-type',
      );
      expect([...answer.headers.keys()]).toEqual(expect.arrayContaining(names));
      const limits = [...answer.headers.keys()].filter((name) => name.startsWith('x-hubspot-ratelimit'));
      expect(names).toEqual(expect.arrayContaining(row.path.includes('search') ? limits : []));
    });

    test('a recorded search 429 has the same body and headers', async () => {
      const row = rows.find(({ status }) => status === 429);
      const { post, emulator } = await emulated();
      emulator.faults.inject({ what: 'throttle', route: 'search', times: 1 });
      const answer = await post(row?.path ?? '', row?.reqBody);
      expect(answer.status).toBe(429);
      expect(shapeOf(answer.body)).toEqual(shapeOf(row?.body));
      expect(answer.body.message).toBe((row?.body as { message: string }).message);
    });
  },
);

/** Makes the records that the recorded request was about, and puts their ids into it. */
function prepare(
  emulator: Awaited<ReturnType<typeof emulated>>['emulator'],
  { method, path, reqBody, body }: Recording,
) {
  if (reqBody === undefined || method === 'GET') return undefined;
  const object = path.split('/')[4] ?? '';
  const type = object === 'CONTACT' ? 'contacts' : object === 'COMPANY' ? 'companies' : 'grouparoo_object';
  const ids = new Map<string, string>();
  const results =
    (body as { results?: { id: string; properties: Record<string, string | null> }[] }).results ?? [];
  if (path.endsWith('/search')) {
    for (const { properties } of results) emulator.records.create(type, known(properties));
    return reqBody;
  }
  if (path.endsWith('/create')) return reqBody;
  for (const { id } of (reqBody as { inputs?: { id: string }[] }).inputs ?? []) {
    ids.set(id, emulator.records.create(type, {}));
  }
  return {
    inputs: ((reqBody as { inputs?: { id: string }[] }).inputs ?? []).map((input) => ({
      ...input,
      id: ids.get(input.id),
    })),
  };
}

const ownByHubspot = /^(createdate|lastmodifieddate|hs_object_id|hs_createdate|hs_lastmodifieddate)$/;

function known(properties: Record<string, string | null>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !ownByHubspot.test(name)));
}

/** Path of each member and its kind; members of lists are one. */
function shapeOf(value: unknown, path = '', shape = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) for (const member of value) shapeOf(member, `${path}[]`, shape);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) shapeOf(member, `${path}.${name}`, shape);
  }
  if (path !== '' && !shape.has(path)) shape.set(path, kindOf(value));
  return shape;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (value === null) return 'null';
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return 'time';
  return typeof value;
}

function isKnownAddition(key: string): boolean {
  return Object.keys(addedSince).some((end) => key.endsWith(end));
}
