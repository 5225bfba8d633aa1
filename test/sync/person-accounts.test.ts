/** Salesforce person accounts: one person, whom only the account takes word of. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { JsonObject } from '../../src/support/json.ts';
import { openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
let hub: TestHub;
let account: string;

const records = (system: string) => hub.emulator(system).records;
const make = (system: string, object: string, fields: JsonObject, days = 40) =>
  records(system).create(object, fields, { at: hub.hub.clock.now() - days * day });

beforeEach(async () => {
  hub = await openTestHub({ knobs: { salesforce: { personAccounts: true } } });
  const person = { FirstName: 'Ada', LastName: 'Winter', PersonEmail: 'ada@a.example' };
  account = make('salesforce', 'Account', person);
});

afterEach(() => hub.close());

it('are one person, not a company with a contact', async () => {
  await hub.quiet();
  const people = await hub.hub.store.entities.scan('Person', null, 10);
  expect(people.map(({ fields }) => [fields.firstName, fields.lastName, fields.email])).toEqual([
    ['Ada', 'Winter', 'ada@a.example'],
  ]);
  expect(await hub.hub.store.entities.count('Organization')).toBe(0);
});

it('are written at the account, never at its contact', async () => {
  const said = { email: 'ada@a.example', firstname: 'Ada', lastname: 'Winter', phone: '+33671289041' };
  make('hubspot', 'contacts', { ...said, mobilephone: '+33671289042' }, 1);
  await hub.quiet();
  expect(records('salesforce').get('Account', account)).toMatchObject({
    Phone: '+33671289041',
    PersonMobilePhone: '+33671289042',
  });
  expect(records('salesforce').all('Contact')[0]).toMatchObject({ MobilePhone: '+33671289042' });
  expect(await hub.hub.store.work.parked()).toEqual([]);
});

it('are the people of their opportunities', async () => {
  const deal = { Name: 'Deal', StageName: 'Prospecting', Amount: 1000, CloseDate: '2099-12-31' };
  const id = make('salesforce', 'Opportunity', { ...deal, AccountId: account });
  const events = [{ type: 'session.started' }, { type: 'identified', email: 'ada@a.example' }];
  for (const [index, fields] of events.entries())
    make(
      'chatbot',
      'event',
      { id: `e${index}`, sessionId: 's1', visitorId: 'v1', ...fields },
      30 - index / 1_000,
    );
  await hub.quiet();
  expect(records('salesforce').get('Opportunity', id)).toMatchObject({ Chat_Credit_Share__c: 100 });
});
