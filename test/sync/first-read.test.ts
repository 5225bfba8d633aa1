/** What is written waits for what it needs to have been read once, and for nothing else. */
import { describe, expect, test } from 'vitest';
import { pulledObjects } from '../../src/sync/hub.ts';
import { neverRead } from '../../src/sync/pull/first-read.ts';
import { pullStream } from '../../src/sync/pull/stream.ts';
import { walk } from '../../src/sync/road.ts';
import { openTestHub, type TestHub } from './hub.ts';

async function readAllBut(hub: TestHub, left: readonly string[]): Promise<void> {
  for (const system of hub.hub.systems.values())
    for (const object of pulledObjects(system))
      if (!left.includes(object)) await pullStream(hub.hub, system, object);
}

/** Walks now, and when what was put off is due. */
async function walkOn(hub: TestHub): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await walk(hub.hub);
    await hub.hub.clock.sleep(10_000);
  }
}

/** Ann chatted, and is in HubSpot with another number; her deal is in Salesforce, won. */
async function story(): Promise<TestHub> {
  const hub = await openTestHub();
  const crm = hub.emulator('salesforce').records;
  const account = crm.create('Account', { Name: 'Acme' });
  const ann = crm.create('Contact', { LastName: 'Able', Email: 'ann@acme.example', AccountId: account });
  const deal = crm.create('Opportunity', {
    Name: 'Acme: rollout',
    StageName: 'Prospecting',
    CloseDate: '2027-01-31',
    Amount: 1_000,
    AccountId: account,
  });
  crm.create('OpportunityContactRole', { OpportunityId: deal, ContactId: ann, IsPrimary: true });
  const chat = hub.emulator('chatbot').records;
  chat.create('event', {
    type: 'session.started',
    sessionId: 's1',
    visitorId: 'v1',
    landingPage: 'https://acme.example/',
  });
  chat.create('event', { type: 'identified', sessionId: 's1', visitorId: 'v1', email: 'ann@acme.example' });
  chat.create('event', {
    type: 'identified',
    sessionId: 's2',
    visitorId: 'v2',
    email: 'new@acme.example',
    name: 'New Name',
  });
  return hub;
}

const creditOf = ({ emulator }: TestHub) =>
  emulator('salesforce').records.all('Opportunity')[0]?.Chat_Touches__c ?? null;
const leadsOf = ({ emulator }: TestHub) => emulator('salesforce').records.count('Lead');

describe('before everything was read', () => {
  test('a stream of touches alone holds up nothing', async () => {
    const hub = await story();
    await readAllBut(hub, ['forms', 'Task', 'Event', 'CampaignMember', 'Campaign']);
    expect(await neverRead(hub.hub)).toEqual([]);
    await walkOn(hub);
    expect([leadsOf(hub), creditOf(hub)]).toEqual([1, 1]);
    await hub.close();
  });

  test.each([
    'contacts',
    'Contact',
    'Lead',
    'event',
  ])('without %s no person is created and no deal credited', async (left) => {
    const hub = await story();
    await readAllBut(hub, [left]);
    await walkOn(hub);
    expect([leadsOf(hub), creditOf(hub) ?? 0]).toEqual([0, 0]);
    await readAllBut(hub, []);
    await walkOn(hub);
    expect([leadsOf(hub), creditOf(hub)]).toEqual([1, 1]);
    await hub.close();
  });

  test('without deals of another system people are created, and credit waits', async () => {
    const hub = await story();
    await readAllBut(hub, ['deals']);
    await walkOn(hub);
    expect([leadsOf(hub), creditOf(hub) ?? 0]).toEqual([1, 0]);
    expect(await neverRead(hub.hub)).toEqual(['hubspot']);
    await readAllBut(hub, []);
    await walkOn(hub);
    expect(creditOf(hub)).toBe(1);
    await hub.close();
  });

  test('what ties people to deals is waited for by credit, not by people', async () => {
    const hub = await story();
    await readAllBut(hub, ['OpportunityContactRole']);
    await walkOn(hub);
    expect([leadsOf(hub), creditOf(hub) ?? 0]).toEqual([1, 0]);
    await hub.close();
  });

  test('a connection that nobody awaits holds up nothing', async () => {
    const hub = await openTestHub({ connection: { hubspot: { awaits: false } } });
    const { records } = hub.emulator('chatbot');
    records.create('event', {
      type: 'identified',
      sessionId: 's2',
      visitorId: 'v2',
      email: 'new@acme.example',
      name: 'New Name',
    });
    for (const name of ['salesforce', 'chatbot'])
      for (const object of pulledObjects(hub.system(name)))
        await pullStream(hub.hub, hub.system(name), object);
    await walkOn(hub);
    expect(leadsOf(hub)).toBe(1);
    await hub.close();
  });
});
