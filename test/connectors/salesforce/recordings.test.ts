/** Answers of real orgs, served on loopback; the connector is not told that they are recordings. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { salesforce } from '../../../connectors/salesforce/index.ts';
import type { FieldSpec } from '../../../src/connector/contract/fields.ts';
import type { Write } from '../../../src/connector/contract/writing.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';
import { fixtureJson, fixtureText, hasFixtures } from './fixtures.ts';
import { type Answer, type Asked, openOrg, pullAll, result } from './org.ts';

const json = z.custom<Json>(() => true);
const exchange = z.object({
  method: z.string(),
  path: z.string(),
  status: z.number(),
  body: json.optional(),
  response: json,
  headers: z.record(z.string(), z.string()),
});
type Exchange = z.infer<typeof exchange>;

function exchanges(): Exchange[] {
  return z.array(exchange).parse(fixtureJson('grouparoo-nock/interactions.json'));
}

/** Whole records as Salesforce showed them, by object. */
function recordedRows(object: string): JsonObject[] {
  return exchanges()
    .filter(
      ({ method, path, status }) =>
        method === 'GET' && status === 200 && path.includes(`/sobjects/${object}/0`),
    )
    .map(({ response }) => response)
    .filter(isJsonObject);
}

const saveResult = z.object({
  id: z.string().optional(),
  success: z.boolean(),
  errors: z.array(z.object({ statusCode: z.string() })),
});
const collection = z.object({
  records: z.array(z.looseObject({ id: z.string(), attributes: z.object({ type: z.string() }) })),
});

describe.skipIf(!hasFixtures)('recordings (need the fixtures beside the project)', () => {
  it.each(['Account', 'Contact', 'Lead'])('%s: rows keep their body and get id and times', async (object) => {
    const rows = recordedRows(object);
    expect(rows.length).toBeGreaterThan(0);
    const org = await openOrg(() => ({ json: result(rows) }));
    const [page] = await pullAll(org, object);
    expect(page?.records.map(({ body }) => body)).toEqual(rows);
    for (const [index, record] of (page?.records ?? []).entries()) {
      const row = rows[index] ?? {};
      expect(record.id).toBe(row.Id);
      expect(new Date(record.modifiedAt).toISOString()).toBe(
        String(row.SystemModstamp).replace('+0000', 'Z'),
      );
      expect(new Date(record.createdAt ?? 0).toISOString()).toBe(
        String(row.CreatedDate).replace('+0000', 'Z'),
      );
      expect(record.tombstone).toBeUndefined();
    }
  });

  it('updates are asked for in the words that Salesforce understood, and each result goes to its write', async () => {
    const updates = exchanges().filter(
      ({ method, path }) => method === 'PATCH' && path.endsWith('/composite/sobjects'),
    );
    expect(updates.length).toBeGreaterThan(3);
    const codes = new Set<string>();
    for (const { body, response } of updates) {
      const { records } = collection.parse(body);
      const answers = z.array(saveResult).parse(response);
      const org = await openOrg((asked) => ({
        json: inOrderOf(
          asked,
          records.map((record) => record.id),
          answers,
        ),
      }));
      const writes = records.map(
        ({ id, attributes: _, ...fields }): Write => ({
          key: id,
          op: 'update',
          id,
          fields: z.record(z.string(), json).parse(fields),
        }),
      );
      const object = records[0]?.attributes.type ?? '';
      const outcomes = (await salesforce.sink?.(object)?.push(org.ctx, writes)) ?? [];
      const sent = collection.parse(JSON.parse(org.asked[0]?.body ?? ''));
      expect(new Map(sent.records.map((record) => [record.id, record]))).toEqual(
        new Map(records.map((record) => [record.id, record])),
      );
      for (const [index, outcome] of outcomes.entries()) {
        const answer = answers[index];
        if (outcome.status === 'written')
          expect(outcome).toMatchObject({ id: answer?.id, key: records[index]?.id });
        else if (outcome.status === 'failed') codes.add(outcome.fault.code ?? '');
        expect(outcome.status === 'written').toBe(answer?.success);
      }
    }
    expect(codes).toContain('CANNOT_UPDATE_CONVERTED_LEAD');
    expect(codes).toContain('INVALID_EMAIL_ADDRESS');
  });

  it('the allowance is in every recorded answer', () => {
    const config = salesforce.config.parse({
      loginUrl: 'https://x.my.salesforce.com',
      clientId: 'k',
      clientSecret: 's',
    });
    const { usage } = salesforce.limits(config);
    const rest = exchanges().filter(({ path }) => path.startsWith('/services/data/'));
    for (const { headers } of rest) {
      const lower = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      const daily = usage?.({ status: 200, headers: lower, text: '', json: () => null })?.daily;
      expect(daily?.limit).toBeGreaterThan(0);
    }
    expect(rest.length).toBeGreaterThan(50);
  });

  it('a bulk job that is done has failures all the same', async () => {
    const stages: Readonly<Record<string, string>> = {
      POST: 'amp-labs/bulk__write__launch-job-opportunity.json',
      PATCH: 'amp-labs/bulk__write__update-job-opportunity.json',
    };
    const looks = ['amp-labs/bulk__info__in-progress.json', 'amp-labs/bulk__info__partial-failure.json'];
    const ids = Array.from({ length: 8 }, (_, n) => `external-id-${n}`);
    const org = await openOrg(
      ({ method, path }): Answer => {
        if (method === 'PUT') return { status: 201 };
        if (path.endsWith('failedResults'))
          return { text: fixtureText('amp-labs/bulk__info__partial-failure.csv') };
        if (path.endsWith('successfulResults'))
          return { text: succeeded(ids.filter((one) => one !== 'external-id-3')) };
        return { json: fixtureJson(stages[method] ?? looks.shift() ?? '') };
      },
      { bulkThreshold: 7 },
    );
    const writes = ids.map(
      (value): Write => ({
        key: value,
        op: 'upsert',
        alternateKey: { external_id__c: value },
        fields: { CloseDate: '2026-01-01' },
      }),
    );
    const outcomes = (await salesforce.sink?.('Opportunity')?.push(org.ctx, writes)) ?? [];
    expect(outcomes.map(({ status }) => status)).toEqual(
      ids.map((one) => (one === 'external-id-3' ? 'failed' : 'written')),
    );
    expect(outcomes[3]).toMatchObject({
      fault: { kind: 'rejected', code: 'INVALID_FIELD', field: 'CloseDate' },
    });
    expect(org.asked.find(({ method }) => method === 'PUT')?.path).toBe(
      '/services/data/v60.0/jobs/ingest/750ak000009BWKLAA4/batches',
    );
  });

  it('what the Metadata API makes and refuses is told field by field', async () => {
    const steps = await provisioned('amp-labs/metadata-api__success.xml');
    expect(steps.filter(({ what }) => what === 'field').map(({ status }) => status)).toEqual([
      'created',
      'created',
      'created',
    ]);
    const refused = await provisioned('amp-labs/metadata-api__err-bad-request.xml');
    expect(refused.filter(({ what }) => what === 'field')[0]).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('Invalid length, minimum is: 256 (FIELD_INTEGRITY_EXCEPTION)'),
    });
  });
});

/** The recorded results, in the order in which the records were sent this time. */
function inOrderOf(asked: Asked, ids: readonly string[], answers: readonly Json[] | readonly object[]) {
  const { records } = collection.parse(JSON.parse(asked.body));
  return records.map(({ id }) => answers[ids.indexOf(id)]);
}

function succeeded(ids: readonly string[]): string {
  const rows = ids.map((one, n) => `"006ak00000OQ4R${n}AAL","true",${one},2026-01-01`);
  return ['"sf__Id","sf__Created",external_id__c,CloseDate', ...rows].join('\n');
}

async function provisioned(file: string) {
  const wanted = ['Birthday__c', 'Hobby__c', 'Age__c'].map(
    (name): FieldSpec => ({ object: 'TestObject15__c', name, label: name, type: 'text' }),
  );
  const org = await openOrg((asked): Answer => {
    if (asked.path.includes('/Soap/'))
      return { text: fixtureText(file), headers: { 'content-type': 'text/xml' } };
    if (asked.path.endsWith('/describe')) return { json: { fields: [] } };
    if (asked.method === 'GET') return { json: fixtureJson('amp-labs/metadata__write__permission-set.json') };
    return {
      json: z
        .object({ records: z.array(json) })
        .parse(JSON.parse(asked.body))
        .records.map(() => fixtureJson('amp-labs/create-ok.json')),
    };
  });
  return (await salesforce.fields?.provision(org.ctx, wanted, { apply: true })) ?? [];
}
