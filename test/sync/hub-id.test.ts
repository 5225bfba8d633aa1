/** The hub's id on records that are paired across systems: once, along with others or in a full call. */
import { afterEach, describe, expect, it } from 'vitest';
import { recordStory } from '../../src/reports/record-story.ts';
import { settingsSchema } from '../../src/settings/schema.ts';
import { allowHeld, asksFirstCode } from '../../src/sync/push/gates/safety.ts';
import { walk } from '../../src/sync/road.ts';
import {
  attached,
  mappingsWith,
  openTestHub,
  type TestHub,
  type TestHubOptions,
  writeRequests,
} from './hub.ts';
import { chat } from './story.ts';

const opened: TestHub[] = [];
afterEach(async () => {
  for (const hub of opened.splice(0)) await hub.close();
});

async function open(options: TestHubOptions = {}): Promise<TestHub> {
  const hub = await openTestHub(options);
  opened.push(hub);
  return hub;
}

const day = 86_400_000;

function pairs(hub: TestHub, names: readonly string[], phone: string | null = null) {
  const at = hub.hub.clock.now() - 10 * day;
  return names.map((name) => {
    const email = `${name}@a.example`;
    const contact = { FirstName: name, LastName: 'Winter', Email: email };
    const person = { email, firstname: name, lastname: 'Winter', ...(phone === null ? {} : { phone }) };
    return {
      contact: hub.emulator('salesforce').records.create('Contact', contact, { at }),
      person: hub.emulator('hubspot').records.create('contacts', person, { at }),
    };
  });
}

const idsOf = (hub: TestHub, { contact, person }: { contact: string; person: string }) => [
  hub.emulator('salesforce').records.get('Contact', contact)?.Hub_Id__c,
  hub.emulator('hubspot').records.get('contacts', person)?.hub_id,
];

it('comes in one call for all, is the same in both systems, and is written once', async () => {
  const hub = await open({ settings: { identity: { hubIds: 'always' } } });
  const all = pairs(hub, ['ada', 'ben', 'cleo']);
  const alone = hub
    .emulator('salesforce')
    .records.create('Contact', { LastName: 'Dora', Email: 'dora@a.example' });
  const before = writeRequests(hub);
  await hub.quiet();
  for (const pair of all) {
    const [there, here] = idsOf(hub, pair);
    expect(there).toEqual(expect.stringMatching(/^[0-9a-f]{32}$/));
    expect(here).toBe(there);
  }
  expect(hub.emulator('salesforce').records.get('Contact', alone)?.Hub_Id__c ?? null).toBeNull();
  const calls = Object.entries(writeRequests(hub)).map(([name, count]) => [
    name,
    count - (before[name] ?? 0),
  ]);
  expect(Object.fromEntries(calls)).toMatchObject({ salesforce: 1, hubspot: 1 });
  const writes = async () => (await hub.hub.store.outbox.writes({}, 99)).length;
  expect(await writes()).toBe(6);
  await hub.quiet();
  expect(await writes()).toBe(6);
});

describe('alone, where it is needed', () => {
  const needed = { identity: { hubIds: 'needed' } };

  it('goes to a pair that hangs on an address, and so is the default', async () => {
    expect(settingsSchema.parse({ connections: {} }).identity.hubIds).toBe('needed');
    const hub = await open({ settings: needed });
    const all = pairs(hub, ['ada', 'ben']);
    await hub.quiet();
    for (const pair of all)
      expect(idsOf(hub, pair)).toEqual(Array(2).fill(expect.stringMatching(/^[0-9a-f]{32}$/)));
  });

  it('holds up no value while ids wait for company', async () => {
    const safety = { maxShare: 0.4, minRecords: 2 };
    const hub = await open({ settings: { ...needed, safety } });
    const [pair] = pairs(hub, ['ada', 'ben', 'cleo']);
    if (!pair) return;
    await hub.sync();
    hub.emulator('hubspot').records.update('contacts', pair.person, { phone: '+12125550100' });
    await hub.sync();
    expect(hub.emulator('salesforce').records.get('Contact', pair.contact)?.Phone).toMatch(/0100/);
    expect(await hub.hub.store.work.parked()).toEqual([]);
  });

  it('finds the pair again when the store is lost and both addresses have changed', async () => {
    const hub = await open({ settings: needed });
    const [pair] = pairs(hub, ['ada']);
    if (!pair) return;
    await hub.quiet();
    hub.emulator('salesforce').records.update('Contact', pair.contact, { Email: 'ada@new.example' });
    hub.emulator('hubspot').records.update('contacts', pair.person, { email: 'ada@other.example' });
    const second = await open({ settings: needed, attach: attached(hub), clock: hub.hub.clock });
    await second.quiet();
    const key = (object: string, id: string) =>
      `id:${object === 'Contact' ? 'salesforce' : 'hubspot'}:${object}:${id}`;
    const keys = [key('Contact', pair.contact), key('contacts', pair.person)];
    const found = Object.values(await second.hub.store.entities.byKey('Person', keys));
    expect([found.length, new Set(found).size]).toEqual([2, 1]);
  });

  it('stays away where the records name each other, and where one of the two was only heard of in a chat', async () => {
    const mappings = mappingsWith(
      'hubspot',
      'external: hub_id\n',
      'external: hub_id\n      salesforce/Contact: { field: fax, as: id18 }\n',
    );
    const hub = await open({ settings: needed, mappings: mappings.path });
    const [named, unnamed] = pairs(hub, ['ada', 'ben']);
    if (!named || !unnamed) return;
    const { records } = hub.emulator('hubspot');
    records.update('contacts', named.person, { fax: named.contact });
    const at = hub.hub.clock.now() - day;
    const cleo = records.create(
      'contacts',
      { email: 'cleo.lenz@larkmere.example', lastname: 'Lenz' },
      { at },
    );
    chat(hub.emulator, { who: 'cleo', session: 'c1', at });
    await hub.quiet();
    expect(idsOf(hub, named).map((id) => id ?? null)).toEqual([null, null]);
    expect(idsOf(hub, unnamed)).toEqual(Array(2).fill(expect.any(String)));
    const written = await hub.hub.store.outbox.writes({ connection: 'hubspot' }, 99);
    const ofCleo = written
      .filter(({ recordId }) => recordId === cleo)
      .map(({ fields }) => Object.keys(fields));
    expect(ofCleo.filter(([first, ...rest]) => first === 'hub_id' && rest.length === 0)).toEqual([]);
    mappings.remove();
  });
});

it('goes along with what is written anyway, and alone it is no reason to write', async () => {
  const hub = await open();
  const [pair] = pairs(hub, ['ada'], '+12125550100');
  if (!pair) return;
  await hub.quiet();
  const [there, here] = idsOf(hub, pair);
  expect([typeof there, here || null]).toEqual(['string', null]);
  const [write, ...more] = await hub.hub.store.outbox.writes({}, 99);
  expect(more).toEqual([]);
  expect(Object.keys(write?.fields ?? {}).sort()).toEqual(['Hub_Id__c', 'Phone']);
  expect(write?.reasons?.Hub_Id__c?.rule).toContain('stays paired');
});

it('leaves an id that is there, and tries none that is another record’s', async () => {
  const hub = await open();
  const [pair] = pairs(hub, ['ada'], '+12125550100');
  if (!pair) return;
  const { records } = hub.emulator('salesforce');
  records.update('Contact', pair.contact, { Hub_Id__c: 'of-an-elder-hub' });
  await hub.quiet();
  expect(records.get('Contact', pair.contact)).toMatchObject({
    Hub_Id__c: 'of-an-elder-hub',
    Phone: '+12125550100',
  });
  expect(await hub.hub.store.work.parked()).toEqual([]);
});

it('holds nothing up when the CRM refuses it', async () => {
  const hub = await open();
  const [pair] = pairs(hub, ['ada']);
  if (!pair) return;
  await hub.quiet();
  const [id] = idsOf(hub, pair);
  const { records } = hub.emulator('salesforce');
  // Somebody moved the id to a record of nobody that the hub knows.
  records.update('Contact', pair.contact, { Hub_Id__c: null });
  records.create('Contact', { LastName: 'Other', Hub_Id__c: String(id) });
  hub.emulator('hubspot').records.update('contacts', pair.person, { phone: '+12125550177' });
  await hub.quiet();
  expect(records.get('Contact', pair.contact)).toMatchObject({ Phone: '+12125550177' });
});

it('is told by the story of the record while it waits for the next value', async () => {
  const hub = await open();
  const [pair] = pairs(hub, ['ada']);
  if (!pair) return;
  const whys = async () =>
    (await recordStory(hub.hub, `salesforce|Contact|${pair.contact}`))?.places
      .filter(({ records }) => records.length > 0)
      .map(({ object, why }) => `${object}: ${why}`);
  await hub.quiet();
  const waits = 'but for its hub id, which goes along with the next value';
  expect(await whys()).toEqual([
    expect.stringContaining(`Contact: holds what it should, ${waits}`),
    expect.stringContaining(`contacts: holds what it should, ${waits}`),
  ]);
  hub.emulator('hubspot').records.update('contacts', pair.person, { phone: '+12125550100' });
  await hub.quiet();
  expect(await whys()).toEqual([
    'Contact: holds what it should',
    expect.stringContaining(`contacts: holds what it should, ${waits}`),
  ]);
});

it('goes at once where a person allows it that was asked for', async () => {
  const safety = { maxShare: 0.25, minRecords: 2 };
  const hub = await open({ settings: { safety, identity: { hubIds: 'always' } } });
  const all = pairs(hub, ['ada', 'ben', 'cleo']);
  await hub.quiet();
  const parked = async () => (await hub.hub.store.work.parked()).map(({ reason }) => reason.code);
  expect(await parked()).toEqual(Array(6).fill(asksFirstCode));
  await allowHeld(hub.hub);
  await walk(hub.hub, { yes: true });
  for (const pair of all)
    expect(idsOf(hub, pair)).toEqual(Array(2).fill(expect.stringMatching(/^[0-9a-f]+$/)));
  await hub.quiet();
  expect(await parked()).toEqual([]);
});

it('is not written again alone where somebody takes it out', async () => {
  const hub = await open({ settings: { identity: { hubIds: 'always' } } });
  const [pair] = pairs(hub, ['ada']);
  if (!pair) return;
  await hub.quiet();
  hub.emulator('salesforce').records.update('Contact', pair.contact, { Hub_Id__c: null });
  await hub.quiet();
  const [there, here] = idsOf(hub, pair);
  expect([there ?? null, typeof here]).toEqual([null, 'string']);
  hub.emulator('hubspot').records.update('contacts', pair.person, { phone: '+12125550100' });
  await hub.quiet();
  expect(idsOf(hub, pair)).toEqual([here, here]);
});
