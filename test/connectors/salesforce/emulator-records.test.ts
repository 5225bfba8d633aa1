/** Writing one record and many: what is accepted, what is made of it, and how it is refused. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { base, type Client, createdId, provisionField, signIn } from './emulator-client.ts';

let emulator: RunningEmulator;
let client: Client;

beforeEach(async () => {
  emulator = await salesforceEmulator.start({});
  client = await signIn(emulator);
});
afterEach(() => emulator.close());

const contact = (fields: JsonObject) => ({ attributes: { type: 'Contact' }, ...fields });
const created = (fields: JsonObject, type = 'Contact') => createdId(client.post(`sobjects/${type}`, fields));

describe('one record', () => {
  it('is made, read, changed and deleted', async () => {
    const made = await client.post('sobjects/Contact', { LastName: 'Okafor', FirstName: 'Ada' });
    const id = String(made.json.id);
    expect(made.status).toBe(201);
    expect(made.json).toEqual({ id, success: true, errors: [] });
    expect(made.headers.get('location')).toBe(`${base}/sobjects/Contact/${id}`);
    expect((await client.patch(`sobjects/Contact/${id}`, { Title: 'Buyer' })).status).toBe(204);
    const read = await client.get(`sobjects/Contact/${id.slice(0, 15)}`);
    expect(read.json).toMatchObject({ Id: id, Name: 'Ada Okafor', Title: 'Buyer', IsDeleted: false });
    expect((await client.delete(`sobjects/Contact/${id}`)).status).toBe(204);
    expect((await client.get(`sobjects/Contact/${id}`)).json).toEqual([
      { message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' },
    ]);
    const again = await client.patch(`sobjects/Contact/${id}`, { Title: 'Ghost' });
    expect(again.status).toBe(404);
    expect(again.json).toEqual([
      { message: 'entity is deleted', errorCode: 'ENTITY_IS_DELETED', fields: [] },
    ]);
  });

  it('keeps what Salesforce makes of the values', async () => {
    const fields = {
      Name: '  Larkmere  ',
      Description: '',
      AnnualRevenue: 1234.5,
      NumberOfEmployees: '40',
      Website: null,
    };
    const id = await created(fields, 'Account');
    expect(emulator.records.get('Account', id)).toMatchObject({
      Name: 'Larkmere',
      Description: null,
      AnnualRevenue: 1235,
      NumberOfEmployees: 40,
    });
    const person = await created({ LastName: 'Case', Email: 'Mixed.Case@Example.com' });
    expect(emulator.records.get('Contact', person)?.Email).toBe('Mixed.Case@Example.com');
    const found = await client.query("SELECT Id FROM Contact WHERE Email = 'mixed.case@example.COM'");
    expect(found.json.totalSize).toBe(1);
  });

  it('has stamps of whole seconds, who and when', async () => {
    const id = await created({ LastName: 'Stamp' });
    const row = emulator.records.get('Contact', id);
    for (const name of ['CreatedDate', 'LastModifiedDate', 'SystemModstamp']) {
      expect(row?.[name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000$/);
    }
    const [integration] = emulator.records.all('User');
    expect(row?.CreatedById).toBe(integration?.Id);
    emulator.records.update('Contact', id, { Phone: '1' }, { by: 'user' });
    expect(emulator.records.get('Contact', id)?.LastModifiedById).not.toBe(integration?.Id);
  });

  it.each<[string, JsonObject, string, readonly string[] | undefined]>([
    ['without what is required', { FirstName: 'x' }, 'REQUIRED_FIELD_MISSING', ['LastName']],
    ['with a text that is too long', { LastName: 'x'.repeat(81) }, 'STRING_TOO_LONG', ['LastName']],
    ['with a bad address', { LastName: 'x', Email: 'badone' }, 'INVALID_EMAIL_ADDRESS', ['Email']],
    ['with an unknown field', { LastName: 'x', Nonsense__c: 1 }, 'INVALID_FIELD', undefined],
    [
      'with a choice that is not on the list',
      { LastName: 'x', CleanStatus: 'Dirty' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      ['CleanStatus'],
    ],
    [
      'with a field that nobody may write',
      { LastName: 'x', MasterRecordId: '003000000000001AAA' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      ['MasterRecordId'],
    ],
    ['with a text for a date', { LastName: 'x', Birthdate: 'soon' }, 'JSON_PARSER_ERROR', undefined],
    ['with no id for a parent', { LastName: 'x', AccountId: 'nobody' }, 'MALFORMED_ID', ['AccountId']],
    ['with an id', { LastName: 'x', Id: '003000000000001AAA' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', ['Id']],
  ])('is refused %s', async (_, fields, errorCode, names) => {
    const { status, json } = await client.post('sobjects/Contact', fields);
    expect(status).toBe(400);
    expect(json[0]?.errorCode).toBe(errorCode);
    expect(json[0]?.fields).toEqual(names);
    expect(emulator.records.count('Contact')).toBe(0);
  });

  it('is not changed when somebody was faster', async () => {
    const id = await created({ LastName: 'Race' });
    const headers = { 'if-unmodified-since': new Date(Date.now() - 60_000).toUTCString() };
    const answer = await client.send('PATCH', `${base}/sobjects/Contact/${id}`, { Title: 'late' }, headers);
    expect(answer.status).toBe(412);
    expect(emulator.records.get('Contact', id)?.Title).toBeNull();
  });
});

describe('collections', () => {
  it('answer in the order of the request, each record for itself', async () => {
    const records = [
      contact({ LastName: 'One' }),
      contact({ FirstName: 'x' }),
      contact({ LastName: 'Three' }),
    ];
    const { status, json } = await client.post('composite/sobjects', { allOrNone: false, records });
    expect(status).toBe(200);
    expect(json[0]).toEqual({ id: expect.any(String), success: true, errors: [] });
    expect(json[1]).toEqual({
      success: false,
      errors: [
        {
          statusCode: 'REQUIRED_FIELD_MISSING',
          message: 'Required fields are missing: [LastName]',
          fields: ['LastName'],
        },
      ],
    });
    expect(emulator.records.count('Contact')).toBe(2);
  });

  it('with allOrNone keep nothing when one is refused, trigger rows included', async () => {
    const deal = (fields: JsonObject) => ({
      attributes: { type: 'Opportunity' },
      Name: 'Deal',
      StageName: 'Prospecting',
      ...fields,
    });
    const records = [deal({ CloseDate: '2026-12-31' }), deal({})];
    const { json } = await client.post('composite/sobjects', { allOrNone: true, records });
    expect(json[0]?.errors?.[0]?.statusCode).toBe('ALL_OR_NONE_OPERATION_ROLLED_BACK');
    expect(json[1]?.errors?.[0]?.statusCode).toBe('REQUIRED_FIELD_MISSING');
    expect(emulator.records.count('Opportunity')).toBe(0);
    expect(emulator.records.count('OpportunityHistory')).toBe(0);
  });

  it('with allOrNone put updates and deletions back as they were', async () => {
    const account = await created({ Name: 'A' }, 'Account');
    const child = await created({ LastName: 'Child', AccountId: account });
    const before = emulator.records.all('Contact');
    const query = `ids=${account},001000000000001AAA&allOrNone=true`;
    const { json } = await client.delete(`composite/sobjects?${query}`);
    expect(json[1]?.errors?.[0]?.statusCode).toBe('INVALID_CROSS_REFERENCE_KEY');
    expect(emulator.records.all('Contact')).toEqual(before);
    const records = [contact({ id: child, Title: 'new' }), contact({ id: child.replace(/.$/, 'x') })];
    await client.patch('composite/sobjects', { allOrNone: true, records });
    expect(emulator.records.all('Contact')).toEqual(before);
    const found = await client.query(
      "SELECT Id FROM Contact WHERE LastName = 'Child' AND SystemModstamp > 2000-01-01T00:00:00Z",
    );
    expect(found.json.totalSize).toBe(1);
  });

  it('refuse more than 200 records, none at all, and more than ten runs of types', async () => {
    const many = Array.from({ length: 201 }, () => contact({ LastName: 'x' }));
    const tooMany = await client.post('composite/sobjects', { records: many });
    expect([tooMany.status, tooMany.json[0]?.errorCode]).toEqual([400, 'EXCEEDED_MAX_SIZE_REQUEST']);
    const none = await client.post('composite/sobjects', { records: [] });
    expect(none.json).toEqual([
      { message: 'At least 1 record is required', errorCode: 'REQUIRED_FIELD_MISSING' },
    ]);
    const mixed = Array.from({ length: 11 }, (_, n) =>
      n % 2 === 0 ? contact({ LastName: 'x' }) : { attributes: { type: 'Account' }, Name: 'x' },
    );
    expect((await client.post('composite/sobjects', { records: mixed })).status).toBe(400);
    expect(emulator.records.count('Contact')).toBe(0);
    const sorted = mixed.toSorted((one, other) => (one.attributes.type < other.attributes.type ? -1 : 1));
    expect((await client.post('composite/sobjects', { records: sorted })).status).toBe(200);
  });

  it('refuse both when one id comes twice, and an update without an id', async () => {
    const id = await created({ LastName: 'Twice' });
    const records = [contact({ id, Title: '1' }), contact({ id, Title: '2' }), contact({ LastName: 'x' })];
    const { json } = await client.patch('composite/sobjects', { records });
    expect(json[0]?.success).toBe(false);
    expect(json[1]?.success).toBe(false);
    expect(json[2]?.errors?.[0]).toEqual({
      statusCode: 'MISSING_ARGUMENT',
      message: 'Id not specified in an update call',
      fields: [],
    });
  });

  it('are spoiled as a whole by a value of the wrong type', async () => {
    const records = [
      contact({ LastName: 'Good' }),
      contact({ LastName: 'Bad', HasOptedOutOfEmail: 'perhaps' }),
    ];
    const { status, json } = await client.post('composite/sobjects', { records });
    expect([status, json[0]?.errorCode]).toEqual([400, 'JSON_PARSER_ERROR']);
    expect(emulator.records.count('Contact')).toBe(0);
  });

  it('retrieve by id, null for what is not there', async () => {
    const id = await created({ LastName: 'Here' });
    const { json } = await client.get(
      `composite/sobjects/Contact?ids=${id},003000000000001AAA&fields=LastName`,
    );
    expect(json[0]?.LastName).toBe('Here');
    expect(json[1]).toBeNull();
    const posted = await client.post('composite/sobjects/Contact', { ids: [id], fields: ['Id', 'Email'] });
    expect(Object.keys(posted.json[0] as object)).toEqual(['attributes', 'Id', 'Email']);
  });
});

describe('upsert by external id', () => {
  const field = { label: 'Hub', type: 'Text', length: 60, externalId: true, unique: true };

  beforeEach(() => provisionField(client, 'Contact.Hub_Id__c', field));

  it('makes a record once and changes it from then on', async () => {
    const path = 'composite/sobjects/Contact/Hub_Id__c';
    const write = (title: string) =>
      client.patch(path, { records: [contact({ Hub_Id__c: 'h/1', LastName: 'Ext', Title: title })] });
    const first = await write('one');
    expect(first.json[0]).toEqual({ id: expect.any(String), success: true, errors: [], created: true });
    expect((await write('two')).json[0]).toEqual({ ...(first.json[0] as object), created: false });
    expect(emulator.records.all('Contact')).toMatchObject([{ Title: 'two', Hub_Id__c: 'h/1' }]);
    const single = await client.patch('sobjects/Contact/Hub_Id__c/h%2F1', { Title: 'three' });
    expect([single.status, single.json.created]).toEqual([200, false]);
    const old = await client.send('PATCH', '/services/data/v45.0/sobjects/Contact/Hub_Id__c/h%2F1', {
      Title: '4',
    });
    expect(old.status).toBe(204);
    expect((await client.patch('sobjects/Contact/Hub_Id__c/h2', { LastName: 'New' })).status).toBe(201);
  });

  it('refuses both when one key comes twice in a call, and a key that another record has', async () => {
    const path = 'composite/sobjects/Contact/Hub_Id__c';
    const same = contact({ Hub_Id__c: 'same', LastName: 'x' });
    const twice = await client.patch(path, {
      records: [same, same, contact({ Hub_Id__c: 'other', LastName: 'y' })],
    });
    expect(twice.json[0]?.errors?.[0]?.statusCode).toBe('DUPLICATE_VALUE');
    expect(twice.json[1]?.success).toBe(false);
    expect(twice.json[2]?.success).toBe(true);
    const taken = await client.post('sobjects/Contact', { Hub_Id__c: 'OTHER', LastName: 'z' });
    expect(taken.json[0]?.message).toMatch(
      /^duplicate value found: Hub_Id__c duplicates value on record with id: 003/,
    );
  });

  it('answers 300 where several records bear the key, and a fault per record in a collection', async () => {
    await provisionField(client, 'Contact.Loose_Id__c', { ...field, label: 'Loose', unique: false });
    const ids = [
      await created({ LastName: 'a', Loose_Id__c: 'x' }),
      await created({ LastName: 'b', Loose_Id__c: 'x' }),
    ];
    const single = await client.patch('sobjects/Contact/Loose_Id__c/x', { Title: 't' });
    expect(single.status).toBe(300);
    expect(single.json).toEqual(ids.map((id) => `${base}/sobjects/Contact/${id}`));
    const { json } = await client.patch('composite/sobjects/Contact/Loose_Id__c', {
      records: [contact({ Loose_Id__c: 'x', Title: 't' })],
    });
    expect(json[0]?.errors?.[0]?.statusCode).toBe('DUPLICATE_EXTERNAL_ID');
  });

  it('names parents by their external id', async () => {
    await provisionField(client, 'Account.Hub_Id__c', field);
    const account = await created({ Name: 'Parent', Hub_Id__c: 'A-1' }, 'Account');
    const id = await created({ LastName: 'Child', Account: { Hub_Id__c: 'A-1' } });
    expect(emulator.records.get('Contact', id)?.AccountId).toBe(account);
    const lost = await client.post('sobjects/Contact', { LastName: 'x', Account: { Hub_Id__c: 'A-2' } });
    expect(lost.json[0]?.message).toBe(
      'Foreign key external ID: A-2 not found for field Hub_Id__c in entity Account',
    );
    const task = await client.post('sobjects/Task', {
      Subject: 'x',
      What: { Hub_Id__c: 'A-1', attributes: { type: 'Account' } },
    });
    expect(task.json[0]?.errorCode).toBe('JSON_PARSER_ERROR');
  });

  it('goes by no other field', async () => {
    const answer = await client.patch('composite/sobjects/Contact/Phone', {
      records: [contact({ Phone: '1' })],
    });
    expect([answer.status, answer.json[0]?.errorCode]).toEqual([400, 'INVALID_FIELD']);
  });
});

describe('locks and duplicate rules', () => {
  it('refuse the record that meets a held lock on its parent, once', async () => {
    const account = await created({ Name: 'Busy' }, 'Account');
    emulator.records.act?.('lock', 'Account', account);
    const records = [
      contact({ LastName: 'a', AccountId: account }),
      contact({ LastName: 'b', AccountId: account }),
    ];
    const { json } = await client.post('composite/sobjects', { records });
    expect(json[0]?.errors?.[0]?.statusCode).toBe('UNABLE_TO_LOCK_ROW');
    expect(json[1]?.success).toBe(true);
  });

  it('stop a second lead of one address, unless the caller insists', async () => {
    await emulator.close();
    emulator = await salesforceEmulator.start({ knobs: { duplicateRules: 'alert' } });
    client = await signIn(emulator);
    const lead = { LastName: 'Dup', Company: 'C', Email: 'dup@example.com' };
    await client.post('sobjects/Lead', lead);
    const second = await client.post('sobjects/Lead', lead);
    expect([second.status, second.json[0]?.errorCode]).toEqual([400, 'DUPLICATES_DETECTED']);
    expect(second.json[0]?.duplicateResult?.matchResults?.[1]?.size).toBe(1);
    const headers = { 'sforce-duplicate-rule-header': 'allowSave=true' };
    expect((await client.send('POST', `${base}/sobjects/Lead`, lead, headers)).status).toBe(201);
  });
});
