/** The emulator as any client of the API meets it: jsforce as it comes out of the box. */
import { Connection } from 'jsforce';
import { HttpApi } from 'jsforce/lib/http-api.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { provisionField, signIn } from './emulator-client.ts';

let emulator: RunningEmulator;
afterEach(() => emulator.close());

async function connect(knobs: JsonObject = {}): Promise<Connection> {
  emulator = await salesforceEmulator.start({ knobs });
  const conn = new Connection({
    loginUrl: emulator.url,
    instanceUrl: emulator.url,
    version: '62.0',
    maxRequest: 20,
    oauth2: {
      loginUrl: emulator.url,
      clientId: String(emulator.config.clientId),
      clientSecret: String(emulator.config.clientSecret),
    },
  });
  await conn.authorize({ grant_type: 'client_credentials' });
  return conn;
}

const people = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ LastName: `Person ${n}`, Email: `p${n}@example.com` }));

describe('jsforce', () => {
  it('fetches all pages of a query', async () => {
    const conn = await connect({ generate: { Contact: 7001 } });
    const query = conn.query('SELECT Id, Name FROM Contact', { autoFetch: true, maxFetch: 10_000 });
    const { records, totalSize } = await query;
    expect(totalSize).toBe(7001);
    expect(new Set(records.map((record) => record.Id)).size).toBe(7001);
    expect(emulator.requests.byRoute()).toEqual({ 'GET query': 1, 'GET query/{locator}': 3 });
    expect(conn.limitInfo.apiUsage).toEqual({ used: 4, limit: 100_000 });
  });

  it('reads deleted records, describes, and lists what was changed and deleted', async () => {
    const conn = await connect();
    const [first, second] = await conn.sobject('Account').create([{ Name: 'A' }, { Name: 'B' }]);
    await conn.sobject('Account').destroy(String(first?.id));
    const all = await conn.query('SELECT Id, IsDeleted FROM Account', { scanAll: true });
    expect(all.records).toHaveLength(2);
    const described = await conn.describe('Account');
    expect(described.fields.find((field) => field.name === 'Name')?.nillable).toBe(false);
    expect((await conn.describeGlobal()).sobjects.map((one) => one.name)).toContain('Opportunity');
    const from = new Date(Date.now() - 600_000);
    const to = new Date(Date.now() + 60_000);
    expect((await conn.sobject('Account').updated(from, to)).ids).toEqual([second?.id]);
    expect((await conn.sobject('Account').deleted(from, to)).deletedRecords[0]?.id).toBe(first?.id);
  });

  it('writes collections of more than 200 in portions', async () => {
    const conn = await connect();
    const made = await conn.sobject('Contact').create(people(450), { allowRecursive: true });
    expect(made.filter((result) => result.success)).toHaveLength(450);
    const changed = made.map((result) => ({ Id: String(result.id), Title: 'seen' }));
    await conn.sobject('Contact').update(changed, { allowRecursive: true });
    expect(await conn.sobject('Contact').count({ Title: 'seen' })).toBe(450);
    expect(emulator.requests.byRoute()).toMatchObject({
      'POST composite/sobjects': 3,
      'PATCH composite/sobjects': 3,
    });
  });

  it('upserts by external id, one and many', async () => {
    const conn = await connect();
    const field = { label: 'Hub', type: 'Text', length: 60, externalId: true, unique: true };
    await provisionField(await signIn(emulator), 'Contact.Hub_Id__c', field);
    const rows = people(3).map((person, n) => ({ ...person, Hub_Id__c: `h${n}` }));
    await conn.sobject('Contact').upsert(rows, 'Hub_Id__c');
    const again = await conn.sobject('Contact').upsert({ Hub_Id__c: 'h1', Title: 'again' }, 'Hub_Id__c');
    expect(again).toMatchObject({ success: true, created: false });
    expect(emulator.records.count('Contact')).toBe(3);
  });

  it('names the vendor’s error codes', async () => {
    const conn = await connect();
    await expect(conn.query('SELECT Nonsense FROM Account')).rejects.toMatchObject({
      errorCode: 'INVALID_FIELD',
    });
    await expect(conn.sobject('Contact').create({ FirstName: 'x' })).rejects.toMatchObject({
      errorCode: 'REQUIRED_FIELD_MISSING',
    });
    await expect(conn.sobject('Contact').retrieve('003000000000001AAA')).rejects.toMatchObject({
      errorCode: 'NOT_FOUND',
    });
  });

  it('loads in bulk, and reads bulk results page by page', async () => {
    const conn = await connect();
    conn.bulk2.pollInterval = 5;
    const input = [...people(20), { LastName: '', Email: 'nobody@example.com' }];
    const loaded = await conn.bulk2.loadAndWaitForResults({ object: 'Contact', operation: 'insert', input });
    expect(loaded.successfulResults).toHaveLength(20);
    expect(loaded.failedResults[0]?.sf__Error).toBe(
      'REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --',
    );
    const path = `${emulator.url}/services/data/v62.0/jobs/query`;
    const { id } = await conn.requestPost<{ id: string }>(path, {
      operation: 'query',
      query: 'SELECT Id, LastName FROM Contact',
    });
    while ((await conn.requestGet<{ state: string }>(`${path}/${id}`)).state !== 'JobComplete') {}
    const api = new HttpApi(conn, { responseType: 'text/plain' });
    let locator = '';
    api.on('response', (response: { headers: Record<string, string> }) => {
      locator = response.headers['sforce-locator'] ?? '';
    });
    const text = String(await api.request({ method: 'GET', url: `${path}/${id}/results?maxRecords=15` }));
    expect(text.trimEnd().split('\n')).toHaveLength(16);
    expect(locator).toBe('MTU');
  });

  it('makes fields through Tooling and Metadata', async () => {
    const conn = await connect();
    const Metadata = { label: 'Credit', type: 'Currency', precision: 18, scale: 2 };
    const made = await conn.tooling.create('CustomField', { FullName: 'Opportunity.Credit__c', Metadata });
    expect(made).toMatchObject({ success: true });
    const fields = await conn.tooling.query("SELECT Id FROM CustomField WHERE DeveloperName = 'Credit'");
    expect(fields.totalSize).toBe(1);
    const object = {
      fullName: 'Touch__c',
      label: 'Touch',
      pluralLabel: 'Touches',
      nameField: { type: 'Text', label: 'Name' },
      deploymentStatus: 'Deployed',
      sharingModel: 'ReadWrite',
    };
    const upserted = await conn.metadata.upsert('CustomObject', object as never);
    expect(upserted).toMatchObject({ success: true, created: true, fullName: 'Touch__c' });
    const grants = { field: 'Opportunity.Credit__c', readable: true, editable: true };
    const set = { fullName: 'Hub', label: 'Hub', fieldPermissions: [grants] };
    expect(await conn.metadata.upsert('PermissionSet', set as never)).toMatchObject({ success: true });
    const read = await conn.metadata.read('PermissionSet', 'Hub');
    expect(read).toMatchObject({ fullName: 'Hub', fieldPermissions: [grants] });
    const gone = await conn.metadata.delete('CustomField', ['Opportunity.Credit__c', 'Opportunity.None__c']);
    expect(gone).toMatchObject([{ success: true }, { success: false }]);
  });

  it('reads fields and objects back from their metadata', async () => {
    const conn = await connect();
    const field = {
      ...{ fullName: 'Account.Tier__c', label: 'Tier', type: 'Picklist', required: false },
      valueSet: {
        restricted: true,
        valueSetDefinition: { sorted: false, value: [{ fullName: 'Gold', label: 'Gold', default: false }] },
      },
    };
    await conn.metadata.upsert('CustomField', field as never);
    expect(await conn.metadata.read('CustomField', 'Account.Tier__c')).toMatchObject({
      ...{ fullName: 'Account.Tier__c', label: 'Tier', type: 'Picklist' },
      valueSet: { restricted: true, valueSetDefinition: { value: [{ fullName: 'Gold' }] } },
    });
    expect(await conn.metadata.read('CustomField', 'Account.None__c')).not.toHaveProperty('fullName');
    const account: { fields?: unknown } = await conn.metadata.read('CustomObject', 'Account');
    expect([account.fields].flat()).toMatchObject([{ fullName: 'Tier__c', label: 'Tier' }]);
  });

  it('is told that there is neither a login over SOAP nor Bulk API 1', async () => {
    const conn = await connect();
    await expect(conn.loginBySoap('someone@example.com', 'secret')).rejects.toThrow(
      'SOAP API login() is disabled by default in this org.',
    );
    await expect(conn.bulk.load('Account', 'insert', [{ Name: 'A' }])).rejects.toMatchObject({
      name: 'FeatureNotEnabled',
    });
  });

  it('signs in again when a session has ended', async () => {
    const conn = await connect();
    emulator.expireTokens();
    const refreshing = new Connection({
      instanceUrl: emulator.url,
      accessToken: String(conn.accessToken),
      version: '62.0',
      refreshFn: (_, done) => {
        conn.authorize({ grant_type: 'client_credentials' }).then(
          () => done(null, String(conn.accessToken)),
          (error: Error) => done(error),
        );
      },
    });
    expect((await refreshing.query('SELECT Id FROM Account')).totalSize).toBe(0);
  });
});
