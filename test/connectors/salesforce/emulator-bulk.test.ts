import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { base, type Client, provisionField, type Shown, signIn } from './emulator-client.ts';

let emulator: RunningEmulator;
let client: Client;

beforeEach(async () => {
  emulator = await salesforceEmulator.start({ knobs: { bulkMs: 10 } });
  client = await signIn(emulator);
});
afterEach(() => emulator.close());

async function openJob(job: JsonObject): Promise<string> {
  const { status, json, text } = await client.post('jobs/ingest', {
    contentType: 'CSV',
    lineEnding: 'LF',
    ...job,
  });
  expect(status, text).toBe(200);
  expect(json.state).toBe('Open');
  return String(json.id);
}

async function finished(path: string): Promise<Shown> {
  for (;;) {
    const { json } = await client.get(path);
    if (!['Open', 'UploadComplete', 'InProgress'].includes(String(json.state))) return json;
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

async function ingest(job: JsonObject, csv: string): Promise<{ id: string; job: Shown }> {
  const id = await openJob(job);
  expect((await client.raw('PUT', `${base}/jobs/ingest/${id}/batches`, csv, 'text/csv')).status).toBe(201);
  expect((await client.patch(`jobs/ingest/${id}`, { state: 'UploadComplete' })).json.state).toBe(
    'UploadComplete',
  );
  return { id, job: await finished(`jobs/ingest/${id}`) };
}

const results = async (id: string, kind: string) =>
  (await client.get(`jobs/ingest/${id}/${kind}`)).text.trimEnd().split('\n');

describe('ingest', () => {
  beforeEach(() =>
    provisionField(client, 'Opportunity.Hub_Id__c', {
      label: 'Hub',
      type: 'Text',
      length: 60,
      externalId: true,
      unique: true,
    }),
  );

  it('completes though rows failed, and tells which, in an order of its own', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, n) => `Deal ${n},Prospecting,${n === 7 ? 'soon' : '2026-12-31'},k${n}`,
    );
    const csv = ['Name,StageName,CloseDate,Hub_Id__c', ...rows].join('\n');
    const { id, job } = await ingest(
      { object: 'Opportunity', operation: 'upsert', externalIdFieldName: 'Hub_Id__c' },
      csv,
    );
    expect(job).toMatchObject({ state: 'JobComplete', numberRecordsProcessed: 30, numberRecordsFailed: 1 });
    expect(await results(id, 'failedResults')).toEqual([
      '"sf__Id","sf__Error",Name,StageName,CloseDate,Hub_Id__c',
      `"","INVALID_FIELD:Failed to deserialize field at col 2. Due to, 'soon' is not a valid value for the type xsd:date:CloseDate --","Deal 7","Prospecting","soon","k7"`,
    ]);
    const [header, ...successful] = await results(id, 'successfulResults');
    expect(header).toBe('"sf__Id","sf__Created",Name,StageName,CloseDate,Hub_Id__c');
    expect(successful).toHaveLength(29);
    const order = successful.map((line) => Number(/Deal (\d+)/.exec(line)?.[1]));
    expect(order).not.toEqual(order.toSorted((one, other) => one - other));
    expect(emulator.records.count('OpportunityHistory')).toBe(29);
    expect(await results(id, 'unprocessedrecords')).toHaveLength(1);
  });

  it('reads quotes, line breaks, #N/A as null, and an empty cell as no change', async () => {
    const id = emulator.records.create('Account', { Name: 'old', Site: 'stays', Phone: '1' });
    const csv = `Id,Name,Description,Site,Phone\n${id},"say ""hi"", all","two\nlines","",#N/A\n`;
    const { job } = await ingest({ object: 'Account', operation: 'update' }, csv);
    expect(job.numberRecordsFailed).toBe(0);
    expect(emulator.records.get('Account', id)).toMatchObject({
      Name: 'say "hi", all',
      Description: 'two\nlines',
      Site: 'stays',
      Phone: null,
    });
  });

  it('names parents by external id, and refuses a key that comes twice', async () => {
    await provisionField(client, 'Account.Hub_Id__c', {
      label: 'Hub',
      type: 'Text',
      length: 60,
      externalId: true,
    });
    const account = emulator.records.create('Account', { Name: 'Parent', Hub_Id__c: 'A-1' });
    const row = (key: string, parent: string) => `D,Prospecting,2026-12-31,${key},${parent}`;
    const csv = [
      'Name,StageName,CloseDate,Hub_Id__c,Account.Hub_Id__c',
      row('a', 'A-1'),
      row('b', 'A-2'),
      row('c', 'A-1'),
      row('C', 'A-1'),
    ].join('\n');
    const { id } = await ingest(
      { object: 'Opportunity', operation: 'upsert', externalIdFieldName: 'Hub_Id__c' },
      csv,
    );
    expect(emulator.records.all('Opportunity')).toMatchObject([{ Hub_Id__c: 'a', AccountId: account }]);
    const failed = (await results(id, 'failedResults')).join('\n');
    expect(failed).toContain('Foreign key external ID: A-2 not found for field Hub_Id__c in entity Account');
    expect(failed.match(/DUPLICATE_VALUE:Duplicate external id specified/g)).toHaveLength(2);
  });

  it('fails as a whole for an unknown column, leaving all rows unprocessed', async () => {
    const { id, job } = await ingest({ object: 'Account', operation: 'insert' }, 'Name,Nonsense\nA,1\nB,2\n');
    expect(job).toMatchObject({
      state: 'Failed',
      errorMessage: 'InvalidBatch : Field name not found : Nonsense',
      numberRecordsProcessed: 0,
    });
    expect(await results(id, 'unprocessedrecords')).toEqual(['Name,Nonsense', '"A","1"', '"B","2"']);
    expect(emulator.records.count('Account')).toBe(0);
  });

  it('fails for line endings that it was not told of', async () => {
    const { job } = await ingest({ object: 'Account', operation: 'insert' }, 'Name\r\nA\r\n');
    expect(job.errorMessage).toBe(
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF',
    );
  });

  it('takes data once, and works without being watched', async () => {
    const id = await openJob({ object: 'Account', operation: 'insert' });
    const put = () => client.raw('PUT', `${base}/jobs/ingest/${id}/batches`, 'Name\nA\n', 'text/csv');
    expect((await put()).status).toBe(201);
    expect((await put()).status).toBe(400);
    await client.patch(`jobs/ingest/${id}`, { state: 'UploadComplete' });
    await expect.poll(() => emulator.records.count('Account'), { interval: 5, timeout: 60_000 }).toBe(1);
    expect((await client.delete(`jobs/ingest/${id}`)).status).toBe(204);
    expect((await client.get(`jobs/ingest/${id}`)).status).toBe(404);
  });

  it('aborts and deletes', async () => {
    const id = await openJob({ object: 'Account', operation: 'insert' });
    expect((await client.patch(`jobs/ingest/${id}`, { state: 'Aborted' })).json.state).toBe('Aborted');
    const victim = emulator.records.create('Account', { Name: 'x' });
    await ingest({ object: 'Account', operation: 'delete' }, `Id\n${victim}\n`);
    expect(emulator.records.get('Account', victim)).toBeUndefined();
  });
});

describe('query', () => {
  it('gives pages of CSV, each with the header, until the locator says null', async () => {
    const parent = emulator.records.create('Account', { Name: 'P, "quoted"' });
    for (let n = 0; n < 5; n++)
      emulator.records.create('Contact', { LastName: `L${n}`, AccountId: n === 0 ? null : parent });
    const query = 'SELECT LastName, Account.Name, HasOptedOutOfEmail FROM Contact ORDER BY LastName';
    const job = await client.post('jobs/query', { operation: 'query', query });
    expect(job.json).toMatchObject({ state: 'UploadComplete', operation: 'query', object: 'Contact' });
    await finished(`jobs/query/${job.json.id}`);
    const page = (locator: string) => client.get(`jobs/query/${job.json.id}/results?maxRecords=3${locator}`);
    const first = await page('');
    expect(first.headers.get('sforce-numberofrecords')).toBe('3');
    const last = await page(`&locator=${first.headers.get('sforce-locator')}`);
    expect(last.headers.get('sforce-locator')).toBe('null');
    expect(first.text.split('\n').slice(0, 3)).toEqual([
      '"LastName","Account.Name","HasOptedOutOfEmail"',
      '"L0","","false"',
      '"L1","P, ""quoted""","false"',
    ]);
    expect(last.text.split('\n')[0]).toBe('"LastName","Account.Name","HasOptedOutOfEmail"');
  });

  it('knows neither aggregates nor children', async () => {
    const job = await client.post('jobs/query', {
      operation: 'query',
      query: 'SELECT COUNT(Id) FROM Contact',
    });
    const done = await finished(`jobs/query/${job.json.id}`);
    expect(done.state).toBe('Failed');
    const wrong = await client.post('jobs/query', {
      operation: 'query',
      query: 'SELECT Nonsense FROM Contact',
    });
    expect([wrong.status, wrong.json[0]?.errorCode]).toEqual([400, 'INVALID_FIELD']);
  });
});
