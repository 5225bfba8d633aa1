/** Whose touches are a deal's where its records name nobody. */
import { afterEach, describe, expect, it } from 'vitest';
import { hubStatus } from '../../src/reports/status.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { mappingsWith, openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

const day = 86_400_000;
let hub: TestHub;

afterEach(() => hub.close());

async function open(options: TestHubOptions = {}): Promise<void> {
  hub = await openTestHub({ systems: ['salesforce', 'chatbot'], ...options });
}

const records = (system: string) => hub.emulator(system).records;
const then = () => hub.hub.clock.now() - 40 * day;
const make = (system: string, object: string, fields: JsonObject) =>
  records(system).create(object, fields, { at: then() });

function chat(email: string): void {
  const events = [{ type: 'session.started' }, { type: 'identified', email }, { type: 'session.ended' }];
  for (const [late, fields] of events.entries()) {
    const said = { id: `e${late}`, sessionId: 's1', visitorId: 'v1', ...fields };
    records('chatbot').create('event', said, { at: then() + day + late * 1_000 });
  }
}

function opportunity(AccountId: string | null): string {
  const base = { Name: 'Deal', StageName: 'Prospecting', Amount: 1000, CloseDate: '2099-12-31' };
  return make('salesforce', 'Opportunity', { ...base, AccountId });
}

const contact = (Email: string, AccountId: string) =>
  make('salesforce', 'Contact', { LastName: 'Winter', Email, AccountId });

function credit(id: string) {
  const deal = records('salesforce').get('Opportunity', id) ?? {};
  return [deal.Chat_Credit_Share__c ?? null, deal.Chat_Credit_Reason__c ?? null];
}

const withoutPeople = async () => (await hubStatus(hub.hub)).dealsWithoutPeople;

describe('an opportunity without contact roles', () => {
  it('takes the people of its account, and says so', async () => {
    await open();
    const account = make('salesforce', 'Account', { Name: 'Acme' });
    const id = opportunity(account);
    contact('ada@a.example', account);
    chat('ada@a.example');
    await hub.quiet();
    expect(credit(id)).toEqual([100, expect.stringContaining('those of its account count')]);
    expect(await withoutPeople()).toBe(0);
  });

  it('follows people who come to the account and leave it', async () => {
    await open();
    const [account, other] = ['Acme', 'Other'].map((Name) => make('salesforce', 'Account', { Name }));
    const id = opportunity(String(account));
    await hub.quiet();
    expect(credit(id)).toEqual([null, expect.stringContaining('No people are tied to this deal')]);
    expect(await withoutPeople()).toBe(1);

    const ada = contact('ada@a.example', String(account));
    chat('ada@a.example');
    await hub.quiet();
    expect(credit(id)[0]).toBe(100);

    await hub.hub.clock.sleep(2_000);
    records('salesforce').update('Contact', ada, { AccountId: String(other) });
    await hub.quiet();
    expect(credit(id)[0]).toBeNull();
  });

  it('has nobody but those of its roles once it has any, and the account again when they go', async () => {
    await open();
    const account = make('salesforce', 'Account', { Name: 'Acme' });
    const id = opportunity(account);
    contact('ada@a.example', account);
    const eve = contact('eve@a.example', account);
    chat('ada@a.example');
    await hub.quiet();
    expect(credit(id)[0]).toBe(100);

    make('salesforce', 'OpportunityContactRole', { OpportunityId: id, ContactId: eve });
    await hub.quiet();
    expect(credit(id)).toEqual([null, null]);

    for (const { Id } of records('salesforce').all('OpportunityContactRole'))
      records('salesforce').remove('OpportunityContactRole', String(Id));
    await hub.quiet();
    expect(credit(id)[0]).toBe(100);
  });

  it('takes nobody of an account with very many people', async () => {
    await open();
    const account = make('salesforce', 'Account', { Name: 'Acme' });
    const id = opportunity(account);
    for (let count = 0; count < 51; count += 1) contact(`p${count}@a.example`, account);
    chat('p7@a.example');
    await hub.quiet();
    expect(credit(id)).toEqual([null, expect.stringContaining('too many')]);
    expect(await hubStatus(hub.hub)).toMatchObject({ dealsWithoutPeople: 1, dealsOfLargeAccounts: 1 });
  });

  it('takes nobody where the mapping says so', async () => {
    const mappings = mappingsWith(
      'salesforce',
      '    entity: Deal\n',
      '    entity: Deal\n    people: roles\n',
    );
    await open({ mappings: mappings.path });
    const account = make('salesforce', 'Account', { Name: 'Acme' });
    const id = opportunity(account);
    contact('ada@a.example', account);
    chat('ada@a.example');
    await hub.quiet();
    mappings.remove();
    expect(credit(id)).toEqual([null, expect.stringContaining('No people are tied to this deal')]);
  });
});

it('a HubSpot deal without contacts takes those of its company', async () => {
  await open({ systems: ['hubspot', 'chatbot'] });
  const company = make('hubspot', 'companies', { name: 'Acme' });
  const associations = [{ object: 'companies', id: company }];
  make('hubspot', 'contacts', { email: 'ada@a.example', lastname: 'Winter', associations });
  const deal = { dealname: 'Deal', dealstage: 'appointmentscheduled', amount: '1000', associations };
  const id = make('hubspot', 'deals', deal);
  chat('ada@a.example');
  await hub.quiet();
  expect(records('hubspot').get('deals', id)).toMatchObject({ chat_credit_share: '100' });
});
