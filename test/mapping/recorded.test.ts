/** Records and descriptions that Salesforce and HubSpot once sent, through the mappings that are shipped. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FieldDescription, FieldType } from '../../src/connector/contract/fields.ts';
import { checkMapping } from '../../src/mapping/checking/check.ts';
import { previewRecord } from '../../src/mapping/checking/preview.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/support/json.ts';
import { objectOf, record, shipped, valuesOf } from './sample.ts';

const folder = resolve(import.meta.dirname, '../../../shared/fixtures');
const present = existsSync(folder);
const why = '(skipped where ../shared/fixtures is absent)';

function read(path: string): Json {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}

function* objectsIn(value: Json): Generator<JsonObject> {
  if (isJsonObject(value)) yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) yield* objectsIn(member);
}

interface Row {
  readonly object: string;
  readonly body: JsonObject;
}

/** Rows of Salesforce, wherever they stand in an answer. */
function salesforceRows(): Row[] {
  const files = readdirSync(join(folder, 'salesforce/amp-labs')).filter((name) => name.endsWith('.json'));
  const answers = [
    read('salesforce/grouparoo-nock/interactions.json'),
    ...files.map((name) => read(`salesforce/amp-labs/${name}`)),
  ];
  return answers.flatMap((answer) =>
    [...objectsIn(answer)].flatMap((body) => {
      const { attributes } = body;
      return isJsonObject(attributes) && typeof attributes.url === 'string'
        ? [{ object: String(attributes.type), body }]
        : [];
    }),
  );
}

function hubspotRows(): Row[] {
  const lines = readFileSync(join(folder, 'hubspot/grouparoo-recordings.jsonl'), 'utf8').trim().split('\n');
  const names: Readonly<Record<string, string>> = { CONTACT: 'contacts', COMPANY: 'companies' };
  return lines
    .map((line) => JSON.parse(line) as JsonObject)
    .flatMap(({ path, body }) => {
      const object = names[/objects\/([A-Z]+)\//.exec(String(path))?.[1] ?? ''];
      if (!object || !isJsonObject(body) || !Array.isArray(body.results)) return [];
      return body.results.filter(isJsonObject).map((one) => ({ object, body: one }));
    });
}

async function through(system: 'salesforce' | 'hubspot', { object, body }: Row) {
  const compiled = objectOf(shipped(system), object);
  const id = String(body.Id ?? body.id ?? 'unknown');
  return previewRecord(compiled, record(object, id, body, { ref: { connection: system, object, id } }));
}

describe.skipIf(!present)(`recorded records ${why}`, () => {
  it('of Salesforce become what they are', async () => {
    const rows = salesforceRows().filter(({ object }) => object in shipped('salesforce').objects);
    expect(rows.length).toBeGreaterThan(20);
    const previews = await Promise.all(rows.map((row) => through('salesforce', row)));
    expect(previews.flatMap(({ normalized }) => normalized.warnings)).toEqual([]);
    const lead = previews[rows.findIndex(({ body }) => body.Id === '00Q4S000002sSacUAE' && 'Email' in body)];
    expect(lead && valuesOf(lead.normalized)).toMatchObject({
      email: 'leadbrian@demo.com',
      lastName: 'Smith',
      company: 'SmithCorp',
      createdAt: Date.UTC(2021, 11, 2, 18, 23, 39),
    });
    expect(lead?.unread).toContain('CleanStatus');
  });

  it('of HubSpot become what they are', async () => {
    const rows = hubspotRows();
    expect(rows.length).toBeGreaterThan(20);
    const previews = await Promise.all(rows.map((row) => through('hubspot', row)));
    expect(previews.flatMap(({ normalized }) => normalized.warnings)).toEqual([]);
    const persons = previews
      .filter((_, index) => rows[index]?.object === 'contacts')
      .map(({ normalized }) => valuesOf(normalized));
    expect(
      persons.some(({ email, firstName }) => email === 'grouparoo@demo.com' && firstName === 'John'),
    ).toBe(true);
    const companies = previews
      .filter((_, index) => rows[index]?.object === 'companies')
      .map(({ normalized }) => valuesOf(normalized));
    expect(companies.map(({ domain }) => domain)).toContain('grouparoo.com');
  });
});

const types: Readonly<Record<string, FieldType>> = {
  string: 'text',
  textarea: 'longtext',
  int: 'number',
  double: 'number',
  currency: 'money',
  percent: 'percent',
  boolean: 'boolean',
  date: 'date',
  datetime: 'time',
  email: 'email',
  phone: 'phone',
  url: 'url',
  picklist: 'picklist',
  reference: 'reference',
  id: 'text',
};

function describedFields(object: string): FieldDescription[] {
  const answer = read(`salesforce/grouparoo-nock/describe-${object}-v42.json`);
  const fields = [...objectsIn(answer)].filter(
    (one) => typeof one.name === 'string' && 'updateable' in one && 'soapType' in one,
  );
  return fields.map(({ name, label, type, updateable, createable, nillable, defaultedOnCreate, unique }) => ({
    name: String(name),
    label: String(label),
    type: types[String(type)] ?? 'other',
    readable: true,
    writable: updateable === true || createable === true,
    required: createable === true && nillable === false && defaultedOnCreate === false,
    unique: unique === true,
  }));
}

describe.skipIf(!present)(`recorded descriptions ${why}`, () => {
  it.each([
    'Lead',
    'Contact',
    'Account',
    'Campaign',
  ])('of %s have all that the mapping names, but for what is provisioned', (object) => {
    const fields = describedFields(object);
    expect(fields.length).toBeGreaterThan(30);
    const problems = checkMapping(shipped('salesforce'), new Map([[object, fields]])).map(String);
    expect(problems.filter((problem) => !problem.includes('lacks what the hub writes'))).toEqual([]);
  });
});
