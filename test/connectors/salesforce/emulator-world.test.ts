/** The seeded world in Salesforce's words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import { buildWorld, hardCases } from '../../../emulators/world/build.ts';
import { worldSalesforceId } from '../../../emulators/world/ids.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { type Client, signIn } from './emulator-client.ts';

const world = buildWorld();
const cases = hardCases(world);
const wire = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('Z', '+0000');

let emulator: RunningEmulator;
let client: Client;
beforeAll(async () => {
  emulator = await salesforceEmulator.start({ world });
  client = await signIn(emulator);
});
afterAll(() => emulator.close());

const record = (object: string, prefix: string, key: string): JsonObject =>
  emulator.records.get(object, worldSalesforceId(prefix, key)) ?? {};

/** Deleted or not. */
async function told(object: string, prefix: string, key: string, fields: string): Promise<unknown> {
  const id = worldSalesforceId(prefix, key);
  const soql = `SELECT ${fields}, IsDeleted FROM ${object} WHERE Id = '${id}'`;
  return (await client.queryAll(soql)).json.records?.[0];
}

describe('the world', () => {
  it('is told whole: every deal that Salesforce knows, with its stages, people and money', async () => {
    const deals = world.deals.filter((deal) => deal.in.includes('salesforce'));
    for (const deal of deals) {
      const fields = 'Name, Amount, CurrencyIsoCode, SystemModstamp';
      const row = (await told('Opportunity', '006', deal.key, fields)) as JsonObject;
      const isDeleted = deal.deleted?.salesforce !== undefined;
      expect(row).toMatchObject({ Name: deal.name, CurrencyIsoCode: deal.currency, IsDeleted: isDeleted });
      const minor = Number(row.Amount) * (deal.currency === 'JPY' ? 1 : 100);
      expect(Math.round(minor)).toBe(deal.amountMinor);
      if (!isDeleted) expect(row.SystemModstamp).toBe(wire(deal.modifiedAt));
    }
    const history = await client.queryAll('SELECT COUNT() FROM OpportunityHistory');
    expect(history.json.totalSize).toBe(deals.reduce((sum, deal) => sum + deal.stages.length, 0));
    const reopened = worldSalesforceId('006', 'd-reopened');
    const soql = `SELECT StageName, CreatedDate FROM OpportunityHistory WHERE OpportunityId = '${reopened}' ORDER BY CreatedDate`;
    const stages = (await client.query(soql)).list('records');
    expect(stages.map((row) => row.StageName)).toEqual([
      'Prospecting',
      'Closed Lost',
      'Negotiation/Review',
      'Closed Won',
    ]);
    const [deal] = cases.reopened.deals;
    expect(stages.map((row) => row.CreatedDate)).toEqual(deal?.stages.map((stage) => wire(stage.at)));
  });

  it('gives a deal its contacts, the first one primary', async () => {
    const id = worldSalesforceId('006', 'd-several');
    const soql = `SELECT ContactId, Role, IsPrimary FROM OpportunityContactRole WHERE OpportunityId = '${id}'`;
    const roles = (await client.query(soql)).list('records');
    expect(roles).toHaveLength(4);
    expect(roles.filter((role) => role.IsPrimary).map((role) => role.ContactId)).toEqual([
      worldSalesforceId('003', 'p-several-1'),
    ]);
  });

  it('tells a conversion as lead, contact and deal, and the lead’s id with 15 characters', () => {
    const lead = record('Lead', '00Q', 'p-converted-after-chat');
    const contact = worldSalesforceId('003', 'p-converted-after-chat');
    expect(lead).toMatchObject({
      IsConverted: true,
      ConvertedContactId: contact,
      ConvertedOpportunityId: worldSalesforceId('006', 'd-converted-after-chat'),
    });
    expect(emulator.records.get('Contact', contact)?.Former_Lead_Id__c).toBe(String(lead.Id).slice(0, 15));
    const converted = emulator.records.all('Lead').filter((one) => one.IsConverted === true);
    expect(converted.length).toBeGreaterThan(3);
    for (const one of converted) {
      expect(emulator.records.get('Account', String(one.ConvertedAccountId))).toBeDefined();
    }
  });

  it('tells merges, deletions and what only Salesforce says', async () => {
    const loser = await told('Contact', '003', 'p-merge-salesforce-loser', 'MasterRecordId, SystemModstamp');
    const [, merged] = cases['merged in Salesforce'].people;
    expect(loser).toMatchObject({
      IsDeleted: true,
      MasterRecordId: worldSalesforceId('003', 'p-merge-salesforce-winner'),
      SystemModstamp: wire(merged?.mergedInto?.at ?? 0),
    });
    expect(await told('Lead', '00Q', 'p-deleted-salesforce', 'Id')).toMatchObject({ IsDeleted: true });
    const [conflict] = cases['conflict, Salesforce later'].people;
    expect(record('Contact', '003', 'p-conflict-salesforce')).toMatchObject({
      Phone: conflict?.told?.salesforce?.phone,
      SystemModstamp: wire(conflict?.told?.salesforce?.at ?? 0),
    });
    expect(record('Contact', '003', 'p-blank-salesforce')).toMatchObject({ Title: null, Phone: null });
    expect(record('Contact', '003', 'p-chinese').Name).toContain('王');
  });

  it('has equal stamps, campaign answers and activities', async () => {
    const fair = world.people.filter((person) => person.key.startsWith('p-fair-'));
    const stamps = fair.map((person) => record('Lead', '00Q', person.key).SystemModstamp);
    expect(new Set(stamps).size).toBe(1);
    expect(emulator.records.count('CampaignMember')).toBeGreaterThan(50);
    expect(emulator.records.count('Task') + emulator.records.count('Event')).toBeGreaterThan(100);
    const answered = await client.query(
      "SELECT COUNT() FROM CampaignMember WHERE Campaign.UTM_Campaign__c = 'spring-fair' AND HasResponded = true",
    );
    expect(answered.json.totalSize).toBeGreaterThan(0);
  });

  it('changes nothing after its own today, and brings no field of ours', async () => {
    const late = await client.queryAll(
      `SELECT COUNT() FROM Contact WHERE SystemModstamp > ${new Date(world.now).toISOString()}`,
    );
    expect(late.json.totalSize).toBe(0);
    const described = await client.get('sobjects/Opportunity/describe');
    expect(described.list('fields').filter((field) => field.custom)).toEqual([]);
  });
});
