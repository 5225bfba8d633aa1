/** Taking a run back: what the CRMs hold afterwards, and that nothing is lost or started on the way. */
import { afterEach, expect, it } from 'vitest';
import { undoneCode } from '../../src/sync/holds.ts';
import { pullSystem } from '../../src/sync/pull.ts';
import { walk } from '../../src/sync/road.ts';
import { writingRuns } from '../../src/sync/runs.ts';
import { allowHeld } from '../../src/sync/safety.ts';
import { planUndo, undo } from '../../src/sync/undo.ts';
import { found, openTestHub, type TestHub, writeRequests } from './hub.ts';
import { phones, type Story, tellStory } from './story.ts';

let hub: TestHub;
let story: Story;

afterEach(() => hub.close());

async function told(): Promise<void> {
  hub = await openTestHub();
  story = tellStory(hub.emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000);
  await hub.quiet();
}

/** A run in which a new phone number of HubSpot's reaches Salesforce, and nothing else is written. */
async function phoneRun(): Promise<string> {
  hub.emulator('hubspot').records.update('contacts', story.contacts.ada, { phone: '+1 212 555 0199' });
  await pullSystem(hub.hub, hub.system('hubspot'));
  await walk(hub.hub);
  expect(phoneAtSalesforce()).toMatch(/0199/);
  const [latest] = await writingRuns(hub.hub, 1);
  return found(latest, 'run').run;
}

const phoneAtSalesforce = () =>
  String(hub.emulator('salesforce').records.get('Contact', story.Contact.ada)?.Phone);
const phoneAtHubspot = () =>
  String(hub.emulator('hubspot').records.get('contacts', story.contacts.ada)?.phone);
const parked = async () => (await hub.hub.store.work.parked()).map(({ reason }) => reason.code);

it('says what would be taken back and sends nothing', async () => {
  await told();
  const run = await phoneRun();
  const before = writeRequests(hub);
  const plan = await planUndo(hub.hub, run);
  const field = { field: 'Phone', from: expect.stringMatching(/0199/), to: phones.ada };
  const write = { connection: 'salesforce', object: 'Contact', record: story.Contact.ada, op: 'update' };
  expect(plan).toEqual({ run, back: [{ ...write, fields: [field] }], left: [] });
  expect(writeRequests(hub)).toEqual(before);
});

it('puts the replaced value back, tells nobody else of it, and holds the object until a person allows it', async () => {
  await told();
  const run = await phoneRun();
  const done = await undo(hub.hub, run);
  expect(done).toMatchObject({ written: 1, refused: [], left: [] });
  expect(phoneAtSalesforce()).toBe(phones.ada);

  await hub.quiet();
  expect(phoneAtSalesforce()).toBe(phones.ada);
  expect(phoneAtHubspot()).toMatch(/0199/);
  await hub.hub.clock.sleep(2_000);
  hub.emulator('hubspot').records.update('contacts', story.contacts.ada, { lastname: 'Frost' });
  await hub.quiet();
  expect([phoneAtSalesforce(), phoneAtHubspot()]).toEqual([phones.ada, expect.stringMatching(/0199/)]);
  expect(await parked()).toEqual([undoneCode]);

  expect(await allowHeld(hub.hub)).toBe(1);
  await hub.quiet();
  expect(phoneAtSalesforce()).toMatch(/0199/);
  expect(await parked()).toEqual([]);
});

it('can be taken back itself', async () => {
  await told();
  const { by } = found((await undo(hub.hub, await phoneRun())) ?? undefined, 'undoing');
  expect(await undo(hub.hub, by)).toMatchObject({ written: 1, left: [] });
  expect(phoneAtSalesforce()).toMatch(/0199/);
});

it('leaves alone what somebody has changed since, and what is gone', async () => {
  await told();
  const run = await phoneRun();
  hub.emulator('salesforce').records.update('Contact', story.Contact.ada, { Phone: '+12125550111' });
  const write = { connection: 'salesforce', object: 'Contact', record: story.Contact.ada };
  const changed = 'it was changed since, and holds "+12125550111"';
  expect(await undo(hub.hub, run)).toMatchObject({
    written: 0,
    back: [],
    left: [{ ...write, field: 'Phone', why: changed }],
  });
  expect(phoneAtSalesforce()).toBe('+12125550111');
  hub.emulator('salesforce').records.remove('Contact', story.Contact.ada);
  const gone = { ...write, field: null, why: 'it is not there any more' };
  expect(await planUndo(hub.hub, run)).toMatchObject({ back: [], left: [gone] });
});

it('is harmless a second time', async () => {
  await told();
  const run = await phoneRun();
  await undo(hub.hub, run);
  const before = writeRequests(hub);
  const again = await undo(hub.hub, run);
  expect(again).toMatchObject({ written: 0, left: [{ why: 'it holds what it held before' }] });
  expect(writeRequests(hub)).toEqual(before);
});

it('takes the credit off the deals, deletes the hub’s own touches, and leaves people that it made to a person', async () => {
  await told();
  const runs = await writingRuns(hub.hub, 100);
  const first = found(runs.at(-1), 'run');
  const touches = () => hub.emulator('salesforce').records.count('Chat_Touch__c');
  const leads = () => hub.emulator('salesforce').records.count('Lead');
  const [touchesBefore, leadsBefore] = [touches(), leads()];
  expect(touchesBefore).toBeGreaterThan(0);
  const done = found((await undo(hub.hub, first.run)) ?? undefined, 'undoing');
  expect(done.refused).toEqual([]);
  const opportunity = hub.emulator('salesforce').records.get('Opportunity', story.Opportunity.ada);
  const deal = hub.emulator('hubspot').records.get('deals', story.deals.ada);
  expect(opportunity?.Chat_Credit_Share__c ?? null).toBeNull();
  expect(deal?.chat_credit_share || null).toBeNull();
  expect([touches(), leads()]).toEqual([0, leadsBefore]);
  expect(done.left.map(({ object }) => object)).toEqual(expect.arrayContaining(['Lead', 'contacts']));
  await hub.quiet();
  expect(touches()).toBe(0);
  await allowHeld(hub.hub);
  await hub.quiet();
  expect(touches()).toBe(touchesBefore);
});

it('tells of a run that nobody knows', async () => {
  await told();
  expect(await planUndo(hub.hub, 'none')).toBeNull();
  expect(await undo(hub.hub, 'none')).toBeNull();
});
