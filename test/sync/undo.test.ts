/** Taking a run back: what the CRMs hold afterwards, and that nothing is lost or started on the way. */
import { afterEach, expect, it } from 'vitest';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { undoneCode } from '../../src/sync/push/gates/holds.ts';
import { allowHeld } from '../../src/sync/push/gates/safety.ts';
import { walk } from '../../src/sync/road.ts';
import { writingRuns } from '../../src/sync/undo/runs.ts';
import { planUndo, undo } from '../../src/sync/undo/undo.ts';
import { found, mappingsWith, openTestHub, type TestHub, writeRequests } from './hub.ts';
import { phones, type Story, tellStory } from './story.ts';

let hub: TestHub;
let story: Story;

afterEach(() => hub.close());

async function told(options: Parameters<typeof openTestHub>[0] = {}): Promise<void> {
  hub = await openTestHub(options);
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
  // The hub's id went along with the number, and goes back with it.
  const id = { field: 'Hub_Id__c', from: expect.stringMatching(/^[0-9a-f]{32}$/), to: null };
  const write = { connection: 'salesforce', object: 'Contact', record: story.Contact.ada, op: 'update' };
  expect(plan).toEqual({ run, back: [{ ...write, ours: false, fields: [field, id] }], left: [] });
  expect(writeRequests(hub)).toEqual(before);
});

it('leaves a record alone by which an expression of the mapping exceeds its limit, and takes the others back', async () => {
  const expression = `MailingCity = 'Bad' and Phone = '${phones.ada}' ? $sum([1..1000000000]) : 'fine'`;
  const word = `custom.word: { field: MailingCity, as: { jsonata: ${JSON.stringify(expression)} } }`;
  const line = '      street: MailingStreet\n';
  const mappings = mappingsWith('salesforce', line, `${line}      ${word}\n`);
  await told({ mappings: mappings.path });
  hub.emulator('hubspot').records.update('contacts', story.contacts.ben, { phone: '+1 212 555 0188' });
  const run = await phoneRun();
  hub.emulator('salesforce').records.update('Contact', story.Contact.ada, { MailingCity: 'Bad' });
  const done = await undo(hub.hub, run);
  expect(done?.back.map(({ object, record }) => [object, record])).toEqual([['Lead', story.Lead.ben]]);
  expect(done).toMatchObject({ written: 1, refused: [] });
  expect(done?.left).toMatchObject([
    { record: story.Contact.ada, why: expect.stringMatching(/salesforce\.yaml:\d+: .*100,000 items/) },
  ]);
  mappings.remove();
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
    written: 1,
    back: [{ ...write, fields: [{ field: 'Hub_Id__c', to: null }] }],
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
  const why = 'it holds what it held before';
  expect(again).toMatchObject({
    written: 0,
    left: [
      { field: 'Phone', why },
      { field: 'Hub_Id__c', why },
    ],
  });
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

it('deletes what a run made and nobody has touched since, when told to; names what stays and why', async () => {
  await told();
  const { records: people } = hub.emulator('hubspot');
  const { records } = hub.emulator('salesforce');
  const lead = (email: string) => records.all('Lead').find(({ Email }) => Email === email)?.Id;
  const contact = (email: string) => people.all('contacts').find((row) => row.email === email)?.id;
  const chats = hub.emulator('chatbot').records;
  for (const who of ['una', 'vera', 'wanda', 'xenia']) {
    const said = { type: 'identified', sessionId: who, visitorId: who, email: `${who}@larkmere.example` };
    chats.create('event', said);
  }
  await hub.quiet();
  const [run] = await writingRuns(hub.hub, 1);
  await hub.hub.clock.sleep(5_000);
  const [vera, wanda] = ['vera', 'wanda'].map((who) => String(contact(`${who}@larkmere.example`)));
  // One is edited where the mapping looks, one where it does not, and one gets a deal.
  people.update('contacts', found(vera, 'vera'), { city: 'Oslo' });
  records.update('Lead', String(lead('wanda@larkmere.example')), { Description: 'called' });
  const deal = { dealname: 'Deal', dealstage: 'appointmentscheduled' };
  people.create('deals', { ...deal, associations: [{ object: 'contacts', id: found(wanda, 'wanda') }] });
  await hub.quiet();
  const { run: id } = found(run, 'run');
  const plain = found((await planUndo(hub.hub, id)) ?? undefined, 'plan');
  expect(plain.back.filter(({ op, object }) => op === 'delete' && object !== 'Chat_Touch__c')).toEqual([]);
  const before = [records.count('Lead'), people.count('contacts')];
  const done = found((await undo(hub.hub, id, { deleteMade: true })) ?? undefined, 'undoing');
  expect(done.refused).toEqual([]);
  expect(done.left.map(({ record, why }) => `${record}: ${why}`)).toEqual(
    expect.arrayContaining([
      `${vera}: somebody has changed its city since`,
      `${lead('wanda@larkmere.example')}: somebody has changed it since`,
      expect.stringMatching(new RegExp(`^${wanda}: hubspot deals \\d+ points at it`)),
    ]),
  );
  expect([records.count('Lead'), people.count('contacts')]).toEqual([
    Number(before[0]) - 3,
    Number(before[1]) - 2,
  ]);
  await allowHeld(hub.hub);
  await hub.quiet();
  expect([lead('una@larkmere.example'), contact('una@larkmere.example')]).toEqual([undefined, undefined]);
});
