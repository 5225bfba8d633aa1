/** One value that a CRM does not take holds up nothing but itself, and goes by itself when it is mended. */
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/support/json.ts';
import { retryParked } from '../../src/sync/push/mended.ts';
import { mappingsWith, openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

const opened: TestHub[] = [];
afterEach(async () => {
  for (const hub of opened.splice(0)) await hub.close();
});

const long = 'Head of '.repeat(25).trim();

async function open(options: TestHubOptions = {}): Promise<TestHub> {
  const hub = await openTestHub(options);
  opened.push(hub);
  return hub;
}

/** The same person here and there; HubSpot knows more. */
function pair(hub: TestHub, more: JsonObject): { contact: string; person: string } {
  const at = hub.hub.clock.now();
  const contact = hub
    .emulator('salesforce')
    .records.create('Contact', { LastName: 'W', Email: 'ada@a.example' }, { at });
  const fields = { email: 'ada@a.example', lastname: 'W', ...more };
  return { contact, person: hub.emulator('hubspot').records.create('contacts', fields, { at }) };
}

const describes = (hub: TestHub) =>
  hub.emulator('salesforce').requests.entries.filter(({ path }) => path.endsWith('/Contact/describe')).length;

describe('a value that is too long', () => {
  it('is named by file and line before it is sent, and goes once it is shorter', async () => {
    const hub = await open();
    // Reading asks, too, which of its optional fields are there.
    await hub.quiet();
    const before = describes(hub);
    const { contact, person } = pair(hub, { phone: '+12125550100', jobtitle: long });
    await hub.quiet();
    const { records } = hub.emulator('salesforce');
    expect(records.get('Contact', contact)).toMatchObject({ Phone: '+12125550100', Title: null });
    expect(await hub.hub.store.work.parked()).toMatchObject([
      {
        reason: {
          code: 'VALUE_TOO_LONG',
          field: 'Title',
          record: `salesforce Contact ${contact}`,
          message: expect.stringMatching(/takes 128 characters.*salesforce\.yaml:\d+/),
        },
      },
    ]);
    // Nothing was refused, and the object was described once.
    const failed = (await hub.hub.store.outbox.writes({}, 99)).filter(({ status }) => status === 'failed');
    expect(failed).toEqual([]);
    hub.emulator('hubspot').records.update('contacts', person, { jobtitle: 'Head' });
    await hub.quiet();
    expect(records.get('Contact', contact)).toMatchObject({ Title: 'Head' });
    expect(await hub.hub.store.work.parked()).toEqual([]);
    expect(describes(hub) - before).toBe(1);
  });

  it('does not keep a lead from being made; an address that is refused does', async () => {
    const hub = await open({ systems: ['salesforce', 'chatbot'] });
    const { records } = hub.emulator('chatbot');
    const said = { type: 'identified', company: 'ACME' };
    const ada = { email: 'ada@a.example', name: `${'A'.repeat(60)} Winter` };
    // Younger than the lead that comes of it: the person is named after the lead from then on.
    const at = hub.hub.clock.now() + 60_000;
    records.create('event', { ...said, sessionId: 's1', visitorId: 'v1', ...ada }, { at });
    const address = `${'x'.repeat(60)}@${'y'.repeat(60)}.example`;
    records.create('event', { ...said, sessionId: 's2', visitorId: 'v2', email: address });
    await hub.quiet();
    expect(hub.emulator('salesforce').records.all('Lead')).toMatchObject([
      { Email: 'ada@a.example', LastName: 'Winter', FirstName: null },
    ]);
    const parked = await hub.hub.store.work.parked();
    expect(parked.map(({ reason }) => reason.field).sort()).toEqual(['Email', 'FirstName']);
  });
});

describe('a field that the CRM has made longer', () => {
  const key = 'described:salesforce:Contact';

  /** As if the CRM had said it when it was last asked. */
  async function sayItTakes(hub: TestHub, maxLength: number): Promise<void> {
    const { connections } = hub.hub.store;
    const said = (await connections.state(key)) as { at: number; fields: { name: string }[] };
    const fields = said.fields.map((field) => (field.name === 'Title' ? { ...field, maxLength } : field));
    await connections.saveState(key, { at: hub.hub.clock.now(), fields });
  }

  it('takes what it refused within a day, though nothing else has changed', async () => {
    const hub = await open();
    pair(hub, { phone: '+12125550100' });
    await hub.quiet();
    await sayItTakes(hub, 5);
    const [person] = hub.emulator('hubspot').records.all('contacts');
    hub.emulator('hubspot').records.update('contacts', String(person?.id), { jobtitle: 'Director' });
    await hub.quiet();
    const titles = () =>
      hub
        .emulator('salesforce')
        .records.all('Contact')
        .map(({ Title }) => Title);
    expect(titles()).toEqual([null]);
    expect(await hub.hub.store.work.parked()).toMatchObject([{ reason: { code: 'VALUE_TOO_LONG' } }]);
    await hub.hub.clock.sleep(25 * 3_600_000);
    // Nothing is read: the mark comes of the description alone.
    await hub.settle();
    expect(titles()).toEqual(['Director']);
    expect(await hub.hub.store.work.parked()).toEqual([]);
  });
});

describe('a value that a new record cannot do without, and that does not fit', () => {
  const tooLong = { email: 'ada@a.example', name: `Ada ${'W'.repeat(100)}`, company: 'C'.repeat(300) };
  const standIns = {
    Email: 'ada@a.example',
    FirstName: 'Ada',
    LastName: '[not provided]',
    Company: '[not provided]',
  };

  async function leadOf(hub: TestHub): Promise<JsonObject[]> {
    hub
      .emulator('chatbot')
      .records.create('event', { type: 'identified', sessionId: 's', visitorId: 'v', ...tooLong });
    await hub.quiet();
    return [...hub.emulator('salesforce').records.all('Lead')];
  }

  it('is stood in for by the default of the mapping, and is parked under its name', async () => {
    const hub = await open();
    expect(await leadOf(hub)).toMatchObject([standIns]);
    const parked = () => hub.hub.store.work.parked();
    expect(await parked()).toMatchObject([{ reason: { code: 'VALUE_TOO_LONG', field: 'LastName' } }]);
    const [person] = hub.emulator('hubspot').records.all('contacts');
    hub.emulator('hubspot').records.update('contacts', String(person?.id), { lastname: 'Winter' });
    await hub.quiet();
    expect(hub.emulator('salesforce').records.all('Lead')).toMatchObject([
      { ...standIns, LastName: 'Winter' },
    ]);
    expect(await parked()).toMatchObject([{ reason: { code: 'VALUE_TOO_LONG', field: 'Company' } }]);
  });

  it('is stood in for where only the CRM knows it to be wrong, too', async () => {
    const hub = await open({ systems: ['salesforce', 'chatbot'] });
    const undescribed = { at: hub.hub.clock.now(), fields: null };
    await hub.hub.store.connections.saveState('described:salesforce:Lead', undescribed);
    expect(await leadOf(hub)).toMatchObject([standIns]);
  });

  it('holds the record where the default is refused as well, without a word more to the CRM', async () => {
    const mapping = mappingsWith('salesforce', 'LastName: "[not provided]"', `LastName: "${'?'.repeat(81)}"`);
    const hub = await open({ systems: ['salesforce', 'chatbot'], mappings: mapping.path });
    try {
      const undescribed = { at: hub.hub.clock.now(), fields: null };
      await hub.hub.store.connections.saveState('described:salesforce:Lead', undescribed);
      expect(await leadOf(hub)).toEqual([]);
      const sent = (await hub.hub.store.outbox.writes({}, 99)).length;
      await hub.quiet();
      expect((await hub.hub.store.outbox.writes({}, 99)).length).toBe(sent);
      expect(await hub.hub.store.work.parked()).toMatchObject([{ reason: { code: 'STRING_TOO_LONG' } }]);
    } finally {
      mapping.remove();
    }
  });
});

describe('a value that only the CRM knows to be wrong', () => {
  /** The CRM does not describe itself, so that its refusal is the first that is heard. */
  async function withoutDescribe(): Promise<TestHub> {
    const hub = await open();
    await hub.quiet();
    hub.emulator('salesforce').faults.inject({ route: 'describe', times: 1_000, what: 'server-error' });
    return hub;
  }

  it('is parked in its words, and not sent again until a person says so', async () => {
    const hub = await withoutDescribe();
    const { contact } = pair(hub, { phone: '+12125550100', jobtitle: long });
    await hub.quiet();
    const { records } = hub.emulator('salesforce');
    expect(records.get('Contact', contact)).toMatchObject({ Phone: '+12125550100', Title: null });
    const parked = () => hub.hub.store.work.parked();
    expect(await parked()).toMatchObject([{ reason: { code: 'STRING_TOO_LONG', field: 'Title' } }]);
    const writes = async () => (await hub.hub.store.outbox.writes({}, 99)).length;
    const sent = await writes();
    await hub.quiet();
    expect(await writes()).toBe(sent);
    expect(await retryParked(hub.hub, {})).toBe(1);
    await hub.quiet();
    expect(await writes()).toBe(sent + 1);
    expect(await parked()).toHaveLength(1);
  });
});

describe('a value that is sent with a new record alone, and does not fit', () => {
  const city = 'Ober'.repeat(20);

  /** Known to HubSpot with a city that is too long for a lead. */
  async function lead(): Promise<{ hub: TestHub; person: string; cities: () => unknown[] }> {
    const hub = await open();
    const at = hub.hub.clock.now() - 86_400_000;
    const person = hub
      .emulator('hubspot')
      .records.create('contacts', { email: 'ada@a.example', city }, { at });
    const said = { type: 'identified', sessionId: 's', visitorId: 'v', email: 'ada@a.example' };
    hub.emulator('chatbot').records.create('event', said, { at });
    await hub.quiet();
    const cities = () =>
      hub
        .emulator('salesforce')
        .records.all('Lead')
        .map(({ City }) => City);
    expect(cities()).toEqual([null]);
    return { hub, person, cities };
  }
  const parked = ({ hub }: TestHub) => hub.store.work.parked();

  it('stays parked under its name, and goes by itself once it is shorter, once', async () => {
    const { hub, person, cities } = await lead();
    expect(await parked(hub)).toMatchObject([{ reason: { code: 'VALUE_TOO_LONG', field: 'City' } }]);
    const people = hub.emulator('hubspot').records;
    people.update('contacts', person, { city: 'Oberau' });
    await hub.quiet();
    expect([cities(), await parked(hub)]).toEqual([['Oberau'], []]);
    people.update('contacts', person, { city: 'Unterau' });
    await hub.quiet();
    expect(cities()).toEqual(['Oberau']);
  });

  it('is not owed any more where somebody filled the field', async () => {
    const { hub, person, cities } = await lead();
    const { records } = hub.emulator('salesforce');
    records.update('Lead', String(records.all('Lead')[0]?.Id), { City: 'Hof' });
    await hub.quiet();
    expect(await parked(hub)).toEqual([]);
    hub.emulator('hubspot').records.update('contacts', person, { city: 'Oberau' });
    await hub.quiet();
    expect(cities()).toEqual(['Hof']);
  });
});
