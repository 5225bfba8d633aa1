/** The first records that the hub makes in an object of a CRM ask, whatever their number. */
import { afterEach, expect, it } from 'vitest';
import { allowHeld } from '../../src/sync/push/gates/safety.ts';
import { walk } from '../../src/sync/road.ts';
import { openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

const opened: TestHub[] = [];
afterEach(async () => {
  for (const hub of opened.splice(0)) await hub.close();
});

async function open(options: TestHubOptions = {}): Promise<TestHub> {
  const hub = await openTestHub({ settings: { safety: { firstCreation: 'ask' } }, ...options });
  opened.push(hub);
  return hub;
}

function lead(hub: TestHub, name: string): void {
  const who = { name, email: `${name.split(' ')[0]?.toLowerCase()}@a.example` };
  const said = { type: 'identified', sessionId: name, visitorId: name, ...who };
  hub.emulator('chatbot').records.create('event', said);
}

const made = (hub: TestHub) => [
  hub.emulator('salesforce').records.all('Lead').length,
  hub.emulator('hubspot').records.all('contacts').length,
];

it('asks with number and names, is allowed once, and never asks again', async () => {
  const hub = await open();
  lead(hub, 'Ada Winter');
  lead(hub, 'Ben Sommer');
  await hub.quiet();
  expect(made(hub)).toEqual([0, 0]);
  const parked = await hub.hub.store.work.parked();
  expect(new Set(parked.map(({ reason }) => reason.code))).toEqual(new Set(['FIRST_CREATION']));
  const [message = ''] = parked
    .filter(({ key }) => key.startsWith('salesforce'))
    .map(({ reason }) => reason.message);
  expect(message).toMatch(/2 records of Lead.*(Ada Winter, Ben Sommer|Ben Sommer, Ada Winter)/);
  await allowHeld(hub.hub);
  await walk(hub.hub, { yes: true });
  await hub.quiet();
  expect(made(hub)).toEqual([2, 2]);
  lead(hub, 'Cleo Lenz');
  await hub.quiet();
  expect(made(hub)).toEqual([3, 3]);
});

it('does not ask where the hub has made records before, nor for its own child records', async () => {
  const hub = await open();
  const at = hub.hub.clock.now();
  const earlier = { run: 'r', connection: 'salesforce', object: 'Lead', entityId: 'E', recordId: '00Q' };
  const write = {
    ...earlier,
    id: 'w',
    op: 'upsert',
    fields: {},
    replaced: {},
    status: 'written',
    at,
  } as const;
  await hub.hub.store.outbox.intend([write], []);
  lead(hub, 'Ada Winter');
  const { records } = hub.emulator('salesforce');
  const contact = records.create(
    'Contact',
    { LastName: 'W', Email: 'eva@a.example' },
    { at: at - 86_400_000 },
  );
  const deal = { Name: 'Deal', StageName: 'Prospecting', Amount: 1000, CloseDate: '2099-12-31' };
  const opportunity = records.create('Opportunity', deal, { at: at - 86_400_000 });
  records.create('OpportunityContactRole', { OpportunityId: opportunity, ContactId: contact });
  const chats = hub.emulator('chatbot').records;
  const session = { sessionId: 's', visitorId: 'v' };
  chats.create('event', { type: 'session.started', ...session }, { at: at - 60_000 });
  chats.create('event', { type: 'identified', ...session, email: 'eva@a.example' }, { at: at - 50_000 });
  await hub.quiet();
  expect([...made(hub), records.all('Chat_Touch__c').length]).toEqual([1, 0, 1]);
});
