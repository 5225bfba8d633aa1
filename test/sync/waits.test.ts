/** A write that names another record goes when that record comes; where it is not to come, nobody hears of it. */
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { attributeMarked } from '../../src/sync/attribute/attribute.ts';
import { normalizeMarked } from '../../src/sync/normalize/normalize.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { planWrites } from '../../src/sync/push/plan/reconcile.ts';
import { resolveMarked } from '../../src/sync/resolve/resolve.ts';
import { walk } from '../../src/sync/road.ts';
import { findDeal, found, mappingsWith, openTestHub, type TestHub } from './hub.ts';

const opened: TestHub[] = [];
afterEach(async () => {
  for (const hub of opened.splice(0)) await hub.close();
});

const day = 86_400_000;

/** A deal of HubSpot alone, with a chat before it. */
async function dealElsewhere(): Promise<{ hub: TestHub; deal: string }> {
  const hub = await openTestHub();
  opened.push(hub);
  const at = hub.hub.clock.now() - 20 * day;
  const { records } = hub.emulator('hubspot');
  const person = records.create('contacts', { email: 'ada@a.example', lastname: 'W' }, { at });
  const fields = { dealname: 'Deal', dealstage: 'appointmentscheduled', amount: '1000' };
  const associations = [{ object: 'contacts', id: person }];
  const deal = records.create('deals', { ...fields, associations }, { at: at + 2 * day });
  const chats = hub.emulator('chatbot').records;
  const common = { sessionId: 's1', visitorId: 'v1' };
  chats.create('event', { id: 'e1', type: 'session.started', ...common }, { at: at + day });
  chats.create(
    'event',
    { id: 'e2', type: 'identified', ...common, email: 'ada@a.example' },
    { at: at + day },
  );
  await hub.quiet();
  return { hub, deal };
}

it('is neither parked nor waiting nor an obstacle where the deal lives in another system', async () => {
  const { hub } = await dealElsewhere();
  const { store } = hub.hub;
  const touches = await store.entities.scan('ChatTouch', null, 10);
  expect(touches).toHaveLength(1);
  const plan = await planWrites(hub.hub, hub.system('salesforce'), touches);
  expect({ writes: plan.writes, obstacles: plan.obstacles }).toEqual({ writes: [], obstacles: [] });
  expect(plan.waits).toMatchObject([{ expected: false }]);
  expect(await store.work.parked()).toEqual([]);
  expect(await store.waits.count()).toBe(0);
});

it('is marked by the coming of the record alone, and goes', async () => {
  const { hub, deal } = await dealElsewhere();
  const { store } = hub.hub;
  const [touch] = await store.entities.scan('ChatTouch', null, 10);
  const key = `salesforce|ChatTouch|${touch?.id}`;
  expect(await store.work.dirty('push', [key])).toEqual(new Map());
  const { records } = hub.emulator('salesforce');
  const base = { Name: 'Deal', StageName: 'Prospecting', Amount: 1000, CloseDate: '2099-12-31' };
  const opportunity = records.create('Opportunity', base);
  hub.emulator('hubspot').records.update('deals', deal, { salesforce_opportunity_id: opportunity });
  for (const system of hub.hub.systems.values()) await pullSystem(hub.hub, system);
  while ((await normalizeMarked(hub.hub)) > 0);
  while ((await resolveMarked(hub.hub)) > 0);
  expect((await findDeal(hub, 'Opportunity', opportunity))?.members).toHaveLength(2);
  // Before anything is credited again.
  expect(await store.work.dirty('push', [key])).toEqual(new Map([[key, 'free']]));
  while ((await attributeMarked(hub.hub)) > 0);
  await hub.quiet();
  expect(records.all('Chat_Touch__c')).toMatchObject([{ Opportunity__c: opportunity }]);
});

describe('of any kind: a lead that names its account', () => {
  // What a person says of their city stands in for the id of an organization, which no record of a CRM has by itself.
  const unreferenced = '    # A person who left an e-mail address in a chat';
  const reference =
    'references: { Works_At__c: { to: Account, from: city, provision: { label: Works At } } }';
  const mappings = mappingsWith('salesforce', unreferenced, `    ${reference}\n${unreferenced}`);
  afterAll(() => mappings.remove());

  it('is made by the coming of the account alone', async () => {
    const hub = await openTestHub({ mappings: mappings.path });
    opened.push(hub);
    const { records } = hub.emulator('hubspot');
    records.create('companies', { name: 'ACME', domain: 'acme.example' });
    await hub.quiet();
    const [organization] = await hub.hub.store.entities.scan('Organization', null, 10);
    const city = found(organization, 'organization').id;
    records.create('contacts', { email: 'ada@a.example', lastname: 'W', city });
    const said = { type: 'identified', sessionId: 's', visitorId: 'v', email: 'ada@a.example' };
    hub.emulator('chatbot').records.create('event', said);
    await hub.quiet();
    const crm = hub.emulator('salesforce').records;
    expect(crm.all('Lead')).toEqual([]);
    const account = crm.create('Account', { Name: 'ACME', Website: 'https://acme.example' });
    await pullSystem(hub.hub, hub.system('salesforce'));
    await walk(hub.hub);
    expect(crm.all('Lead')).toMatchObject([{ Email: 'ada@a.example', Works_At__c: account }]);
  });
});
