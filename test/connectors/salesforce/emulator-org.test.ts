/** What Salesforce does by itself: deletions, merges, conversion, history, and who may see a field. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import {
  type Client,
  createdId,
  grantField,
  grantObject,
  provisionField,
  signIn,
} from './emulator-client.ts';

const longAgo = Date.parse('2026-01-05T10:00:00Z');
const wire = (ms: number) => new Date(ms).toISOString().replace('Z', '+0000');

let emulator: RunningEmulator;
let client: Client;

beforeEach(async () => {
  emulator = await salesforceEmulator.start({});
  client = await signIn(emulator);
});
afterEach(() => emulator.close());

const make = (object: string, fields: Parameters<RunningEmulator['records']['create']>[1], at = longAgo) =>
  emulator.records.create(object, fields, { at });

describe('deletion', () => {
  it('leaves a tombstone with a new stamp, which only queryAll and deleted show', async () => {
    const id = make('Lead', { LastName: 'Gone', Company: 'C' });
    emulator.records.remove('Lead', id);
    expect((await client.query('SELECT Id FROM Lead')).json.totalSize).toBe(0);
    const { json } = await client.queryAll(
      `SELECT Id, IsDeleted, SystemModstamp FROM Lead WHERE SystemModstamp > ${new Date(longAgo).toISOString()}`,
    );
    expect(json.records?.[0]).toMatchObject({ Id: id, IsDeleted: true });
    const minute = 60_000;
    const span = (from: number, to: number) =>
      `start=${encodeURIComponent(wire(from))}&end=${encodeURIComponent(wire(to))}`;
    const now = Date.now();
    const deleted = await client.get(`sobjects/Lead/deleted/?${span(now - 10 * minute, now + minute)}`);
    expect(deleted.json.deletedRecords?.[0]?.id).toBe(id);
    const updated = await client.get(`sobjects/Lead/updated/?${span(now - 10 * minute, now + minute)}`);
    expect(updated.json.ids).toEqual([]);
    const tooOld = await client.get(
      `sobjects/Lead/deleted/?${span(now - 40 * 24 * 60 * minute, now - 20 * 24 * 60 * minute)}`,
    );
    expect(tooOld.json[0]?.errorCode).toBe('INVALID_REPLICATION_DATE');
  });

  it('takes what belongs to the record, and unties what only points at it', () => {
    const account = make('Account', { Name: 'A' });
    const contact = make('Contact', { LastName: 'C', AccountId: account });
    const campaign = make('Campaign', { Name: 'M' });
    const deal = make('Opportunity', {
      Name: 'D',
      StageName: 'Prospecting',
      CloseDate: '2026-12-31',
      CampaignId: campaign,
    });
    emulator.records.remove('Account', account);
    expect(emulator.records.get('Contact', contact)).toBeUndefined();
    const before = emulator.records.get('Opportunity', deal)?.SystemModstamp;
    emulator.records.remove('Campaign', campaign);
    expect(emulator.records.get('Opportunity', deal)).toMatchObject({
      CampaignId: null,
      SystemModstamp: before,
    });
  });

  it('of a campaign member leaves nothing in queryAll, yet is told by deleted', async () => {
    const campaign = make('Campaign', { Name: 'M' });
    const lead = make('Lead', { LastName: 'L', Company: 'C' });
    const member = make('CampaignMember', { CampaignId: campaign, LeadId: lead });
    emulator.records.remove('CampaignMember', member);
    expect((await client.queryAll('SELECT Id FROM CampaignMember')).json.totalSize).toBe(0);
    const span = `start=${encodeURIComponent(wire(Date.now() - 600_000))}&end=${encodeURIComponent(wire(Date.now() + 60_000))}`;
    const { json } = await client.get(`sobjects/CampaignMember/deleted/?${span}`);
    expect(json.deletedRecords?.[0]?.id).toBe(member);
  });
});

describe('merge', () => {
  it('deletes the loser into the winner and moves its children with a new system stamp', async () => {
    const winner = make('Contact', { LastName: 'Winner' });
    const loser = make('Contact', { LastName: 'Loser' });
    const task = make('Task', { Subject: 'Call', WhoId: loser });
    const campaign = make('Campaign', { Name: 'M' });
    make('CampaignMember', { CampaignId: campaign, ContactId: winner });
    make('CampaignMember', { CampaignId: campaign, ContactId: loser });
    expect(emulator.records.merge?.('Contact', winner, loser)).toBe(winner);
    const { json } = await client.queryAll(
      'SELECT Id, IsDeleted, MasterRecordId FROM Contact WHERE IsDeleted = true',
    );
    expect(json.records?.[0]).toMatchObject({ Id: loser, MasterRecordId: winner });
    const moved = emulator.records.get('Task', task);
    expect(moved).toMatchObject({ WhoId: winner, LastModifiedDate: wire(longAgo) });
    expect(moved?.SystemModstamp).not.toBe(wire(longAgo));
    expect(emulator.records.all('CampaignMember')).toHaveLength(1);
    const write = await client.patch(`sobjects/Contact/${winner}`, { MasterRecordId: loser });
    expect(write.json[0]?.errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
  });
});

describe('lead conversion', () => {
  it('makes account, contact and deal, and gives campaign membership to the contact', async () => {
    const lead = make('Lead', {
      LastName: 'Okafor',
      FirstName: 'Ada',
      Company: 'Larkmere',
      Email: 'a@example.com',
    });
    const campaign = make('Campaign', { Name: 'M' });
    const member = make('CampaignMember', { CampaignId: campaign, LeadId: lead });
    const done = emulator.records.act?.('convert', 'Lead', lead);
    expect(emulator.records.get('Lead', lead)).toMatchObject({
      IsConverted: true,
      ConvertedAccountId: done?.accountId,
      ConvertedContactId: done?.contactId,
      ConvertedOpportunityId: done?.opportunityId,
      ConvertedDate: new Date().toISOString().slice(0, 10),
    });
    expect(emulator.records.get('Contact', String(done?.contactId))).toMatchObject({
      Name: 'Ada Okafor',
      AccountId: done?.accountId,
    });
    const [role] = emulator.records.all('OpportunityContactRole');
    expect(role).toMatchObject({
      ContactId: done?.contactId,
      OpportunityId: done?.opportunityId,
      IsPrimary: true,
    });
    expect(emulator.records.get('CampaignMember', member)).toMatchObject({
      LeadId: lead,
      ContactId: done?.contactId,
    });
    const records = [{ attributes: { type: 'Lead' }, id: lead, LastName: 'NoEdit' }];
    const { json } = await client.patch('composite/sobjects', { allOrNone: false, records });
    expect(json[0]?.errors?.[0]).toEqual({
      statusCode: 'CANNOT_UPDATE_CONVERTED_LEAD',
      message: 'cannot reference converted lead',
      fields: [],
    });
  });

  it('goes to the account that is there already, and makes no deal when none is wanted', () => {
    const account = make('Account', { Name: 'Larkmere' });
    const lead = make('Lead', { LastName: 'Okafor', Company: 'larkmere' });
    const done = emulator.records.act?.('convertWithoutOpportunity', 'Lead', lead);
    expect(done).toMatchObject({ accountId: account, opportunityId: null });
    expect(emulator.records.count('Opportunity')).toBe(0);
  });
});

describe('opportunities', () => {
  it('follow their stage, and keep a row of history for each change that counts', async () => {
    const id = make('Opportunity', {
      Name: 'D',
      StageName: 'Prospecting',
      CloseDate: '2026-11-30',
      Amount: 100,
    });
    await client.patch(`sobjects/Opportunity/${id}`, { StageName: 'Closed Won' });
    await client.patch(`sobjects/Opportunity/${id}`, { NextStep: 'none' });
    await client.patch(`sobjects/Opportunity/${id}`, { Amount: 250.005 });
    expect(emulator.records.get('Opportunity', id)).toMatchObject({
      IsClosed: true,
      IsWon: true,
      Probability: 100,
      ForecastCategory: 'Closed',
      Amount: 250.01,
      ExpectedRevenue: 250.01,
      FiscalQuarter: 4,
    });
    const soql = `SELECT StageName, Amount, PrevAmount FROM OpportunityHistory WHERE OpportunityId = '${id}' ORDER BY SystemModstamp, Id`;
    expect((await client.query(soql)).json.records).toMatchObject([
      { StageName: 'Prospecting', Amount: 100, PrevAmount: null },
      { StageName: 'Closed Won', Amount: 100, PrevAmount: 100 },
      { StageName: 'Closed Won', Amount: 250.01, PrevAmount: 100 },
    ]);
  });

  it('have one primary contact', async () => {
    const deal = make('Opportunity', { Name: 'D', StageName: 'Prospecting', CloseDate: '2026-12-31' });
    const people = ['a', 'b'].map((name) => make('Contact', { LastName: name }));
    for (const ContactId of people) {
      await client.post('sobjects/OpportunityContactRole', {
        OpportunityId: deal,
        ContactId,
        IsPrimary: true,
      });
    }
    expect(emulator.records.all('OpportunityContactRole').map((role) => role.IsPrimary)).toEqual([
      false,
      true,
    ]);
  });
});

describe('campaign members', () => {
  it('are there once per person', async () => {
    const CampaignId = make('Campaign', { Name: 'M' });
    const LeadId = make('Lead', { LastName: 'L', Company: 'C' });
    const first = await client.post('sobjects/CampaignMember', { CampaignId, LeadId, Status: 'Responded' });
    expect(first.status).toBe(201);
    const again = await client.post('sobjects/CampaignMember', { CampaignId, LeadId });
    expect(again.json[0]).toMatchObject({
      errorCode: 'DUPLICATE_VALUE',
      message: 'Already a campaign member.',
    });
    expect(emulator.records.get('Campaign', CampaignId)).toMatchObject({
      NumberOfLeads: 1,
      NumberOfResponses: 1,
    });
    expect(emulator.records.all('CampaignMember')[0]).toMatchObject({ HasResponded: true, Type: 'Lead' });
  });
});

describe('campaign influence', () => {
  it('takes a percentage and works out the share of the amount', async () => {
    const CampaignId = make('Campaign', { Name: 'M' });
    const deal = { Name: 'D', StageName: 'Prospecting', CloseDate: '2026-12-31', Amount: 1000 };
    const OpportunityId = make('Opportunity', deal);
    const [model] = emulator.records.all('CampaignInfluenceModel');
    const values = { CampaignId, OpportunityId, ModelId: String(model?.Id), Influence: 40 };
    const id = await createdId(client.post('sobjects/CampaignInfluence', values));
    expect(emulator.records.get('CampaignInfluence', id)?.RevenueShare).toBe(400);
    const write = await client.patch(`sobjects/CampaignInfluence/${id}`, { RevenueShare: 1 });
    expect(write.json[0]?.errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
    await client.patch(`sobjects/CampaignInfluence/${id}`, { Influence: 12.5 });
    expect(emulator.records.get('CampaignInfluence', id)?.RevenueShare).toBe(125);
  });
});

describe('archived activities', () => {
  it('are shown by queryAll only, and are not deleted', async () => {
    make('Task', { Subject: 'recent' });
    const old = make('Task', { Subject: 'of long ago', IsArchived: true });
    const soql = 'SELECT Id, IsDeleted FROM Task ORDER BY Subject';
    expect((await client.query(soql)).json.totalSize).toBe(1);
    expect((await client.queryAll(soql)).json.records?.[0]).toMatchObject({ Id: old, IsDeleted: false });
  });
});

describe('stamps', () => {
  it('can lie in the past: a transaction that began earlier commits late', async () => {
    make('Contact', { LastName: 'seen' }, longAgo);
    const late = make('Contact', { LastName: 'late' }, longAgo - 5_000);
    const soql = 'SELECT Id FROM Contact ORDER BY SystemModstamp, Id';
    expect((await client.query(soql)).json.records?.[0]?.Id).toBe(late);
  });
});

describe('a field that was made through the API', () => {
  const credit = { label: 'Credit', type: 'Currency', precision: 18, scale: 2 };
  const write = (id: string) => client.patch(`sobjects/Opportunity/${id}`, { Credit__c: 12.345 });

  it('is invisible until an assigned permission set grants it', async () => {
    const id = make('Opportunity', { Name: 'D', StageName: 'Prospecting', CloseDate: '2026-12-31' });
    const made = await client.post('tooling/sobjects/CustomField', {
      FullName: 'Opportunity.Credit__c',
      Metadata: credit,
    });
    expect([made.status, made.json.success]).toEqual([201, true]);
    const seen = async () => {
      const query = await client.query('SELECT Credit__c FROM Opportunity');
      const described = (await client.get('sobjects/Opportunity/describe')).list('fields');
      return [query.status, described.some((field) => field.name === 'Credit__c'), (await write(id)).status];
    };
    expect(await seen()).toEqual([400, false, 400]);
    expect((await client.query('SELECT Credit__c FROM Opportunity')).json[0]?.errorCode).toBe(
      'INVALID_FIELD',
    );
    await grantField(client, 'Opportunity.Credit__c');
    expect(await seen()).toEqual([200, true, 204]);
    expect(emulator.records.get('Opportunity', id)?.Credit__c).toBe(12.35);
  });

  it('stays invisible when the permission set is assigned to nobody', async () => {
    await client.post('tooling/sobjects/CustomField', {
      FullName: 'Opportunity.Credit__c',
      Metadata: credit,
    });
    const set = await createdId(client.post('sobjects/PermissionSet', { Name: 'Idle', Label: 'Idle' }));
    await client.post('sobjects/FieldPermissions', {
      ParentId: set,
      SobjectType: 'Opportunity',
      Field: 'Opportunity.Credit__c',
      PermissionsRead: true,
      PermissionsEdit: true,
    });
    expect((await client.query('SELECT Credit__c FROM Opportunity')).status).toBe(400);
    const tooling = await client.get(
      `tooling/query?q=${encodeURIComponent("SELECT DeveloperName FROM CustomField WHERE TableEnumOrId = 'Opportunity'")}`,
    );
    expect(tooling.json.records?.[0]?.DeveloperName).toBe('Credit');
  });

  it('may be readable and not writable', async () => {
    await provisionField(client, 'Opportunity.Credit__c', credit);
    const permission = (await client.query('SELECT Id FROM FieldPermissions')).json.records?.[0]?.Id;
    await client.patch(`sobjects/FieldPermissions/${permission}`, { PermissionsEdit: false });
    const id = make('Opportunity', { Name: 'D', StageName: 'Prospecting', CloseDate: '2026-12-31' });
    expect((await write(id)).json[0]?.errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE');
    expect((await client.query('SELECT Credit__c FROM Opportunity')).status).toBe(200);
  });

  it('cannot be made twice, nor granted twice, nor granted where all see it', async () => {
    await provisionField(client, 'Opportunity.Credit__c', credit);
    const again = await client.post('tooling/sobjects/CustomField', {
      FullName: 'Opportunity.Credit__c',
      Metadata: credit,
    });
    expect(again.json[0]?.errorCode).toBe('DUPLICATE_DEVELOPER_NAME');
    const set = (await client.query('SELECT Id FROM PermissionSet')).json.records?.[0]?.Id;
    const user = (await client.query('SELECT AssigneeId FROM PermissionSetAssignment')).json.records?.[0]
      ?.AssigneeId;
    const assign = await client.post('sobjects/PermissionSetAssignment', {
      PermissionSetId: String(set),
      AssigneeId: String(user),
    });
    expect(assign.json[0]).toEqual({
      message: `Duplicate PermissionSetAssignment.  Assignee: ${String(user).slice(0, 15)}; Permission Set: ${String(set).slice(0, 15)}`,
      errorCode: 'DUPLICATE_VALUE',
      fields: ['AssigneeId', 'PermissionSetId'],
    });
    const name = await client.post('sobjects/FieldPermissions', {
      ParentId: String(set),
      SobjectType: 'Opportunity',
      Field: 'Opportunity.Name',
      PermissionsRead: true,
    });
    expect(name.json[0]?.errorCode).toBe('INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
  });

  it('is refused by its metadata where it makes no sense', async () => {
    const refused = async (metadata: Record<string, string | number | boolean>) =>
      (
        await client.post('tooling/sobjects/CustomField', {
          FullName: 'Lead.X__c',
          Metadata: { label: 'X', ...metadata },
        })
      ).json[0]?.message;
    expect(await refused({ type: 'LongTextArea', length: 30, visibleLines: 3 })).toBe(
      'Invalid length, minimum is: 256',
    );
    expect(await refused({ type: 'Checkbox', required: true, defaultValue: false })).toBe(
      "Can not specify 'required' for a CustomField of type Checkbox",
    );
    expect(await refused({ type: 'Number' })).toBe('Must specify precision and scale');
  });
});

describe('a custom object', () => {
  const envelope = (body: string) =>
    `<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://soap.sforce.com/2006/04/metadata"><soapenv:Header><SessionHeader><sessionId>${client.token}</sessionId></SessionHeader></soapenv:Header><soapenv:Body><upsertMetadata>${body}</upsertMetadata></soapenv:Body></soapenv:Envelope>`;
  const upsert = (body: string) => client.raw('POST', '/services/Soap/m/62.0', envelope(body), 'text/xml');
  const touch =
    '<metadata xsi:type="CustomObject"><fullName>Touch__c</fullName><label>Touch</label><pluralLabel>Touches</pluralLabel><deploymentStatus>Deployed</deploymentStatus><sharingModel>ReadWrite</sharingModel><nameField><type>AutoNumber</type><label>No</label><displayFormat>T-{0000}</displayFormat></nameField></metadata>';
  const parent =
    '<metadata xsi:type="CustomField"><fullName>Touch__c.Deal__c</fullName><label>Deal</label><type>Lookup</type><referenceTo>Opportunity</referenceTo><relationshipName>Touches</relationshipName></metadata>';

  it('made by Metadata is invisible until granted, then numbered and linked to its parent', async () => {
    expect((await upsert(touch)).text).toContain('<created>true</created><fullName>Touch__c</fullName>');
    expect((await upsert(touch)).text).toContain('<created>false</created>');
    await upsert(parent);
    expect((await client.query('SELECT Id FROM Touch__c')).json[0]?.errorCode).toBe('INVALID_TYPE');
    expect((await client.get('sobjects/Touch__c/describe')).status).toBe(404);
    await grantObject(client, 'Touch__c');
    await grantField(client, 'Touch__c.Deal__c');
    const deal = make('Opportunity', { Name: 'D', StageName: 'Prospecting', CloseDate: '2026-12-31' });
    await client.post('sobjects/Touch__c', { Deal__c: deal });
    const soql = 'SELECT Name, Deal__r.Name FROM Touch__c';
    expect((await client.query(soql)).json.records?.[0]).toMatchObject({
      Name: 'T-0001',
      Deal__r: { Name: 'D' },
    });
    const children = await client.query('SELECT (SELECT Name FROM Touches__r) FROM Opportunity');
    expect(children.json.records?.[0]?.Touches__r?.totalSize).toBe(1);
  });

  it('is refused without a name field, and SOAP without a session', async () => {
    const nameless = touch.replace(/<nameField>.*<\/nameField>/, '');
    expect((await upsert(nameless)).text).toContain('Must specify a nameField of type Text or AutoNumber');
    const stranger = await fetch(`${emulator.url}/services/Soap/m/62.0`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: envelope(touch).replace(client.token, 'nobody'),
    });
    expect([stranger.status, await stranger.text()]).toEqual([
      500,
      expect.stringContaining('INVALID_SESSION_ID'),
    ]);
  });

  it('cannot be made through Tooling', async () => {
    const answer = await client.post('tooling/sobjects/CustomObject', { FullName: 'Touch__c' });
    expect(answer.status).toBe(400);
  });
});
