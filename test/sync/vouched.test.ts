/** No record is written with a value whose only source is another record of the same system. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Entity } from '../../src/canonical/model.ts';
import { vouchedFields } from '../../src/sync/push/plan/vouched.ts';
import { openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

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

describe('a value may be written to a record', () => {
  const said = (ref: string) => ({ ref, at: 1, exact: true, rule: 'pull only' });
  const person: Entity = {
    id: 'P',
    kind: 'Person',
    fields: { phone: '+1', title: 'CTO', score: 7, city: null },
    provenance: { phone: said('sf|Contact|1'), title: said('sf|Lead|2'), city: said('sf|Lead|2') },
    members: ['Person|sf|Contact|1', 'Person|sf|Lead|2'],
    withdrawn: false,
  };
  const of = (connection: string, values: Entity['fields']) => ({ connection, values });
  const own = [of('sf', { phone: '+1' }), of('sf', { title: 'CTO', city: null })];

  it('that says it itself, or that the hub computed it', () => {
    expect(vouchedFields(person, 'sf', 'sf|Contact|1', own)).toEqual({ phone: '+1', score: 7 });
    expect(vouchedFields(person, 'sf', 'sf|Lead|2', own)).toEqual({ title: 'CTO', score: 7, city: null });
    expect(vouchedFields(person, 'sf', null, own)).toEqual({ score: 7 });
  });

  it('when another system says it, too; a blank of its own is no blank of another', () => {
    const told = [...own, of('hs', { title: 'CTO', phone: '+2' })];
    expect(vouchedFields(person, 'sf', null, told)).toEqual({ title: 'CTO', score: 7 });
    expect(vouchedFields(person, 'hs', null, told)).toEqual(person.fields);
  });

  it('of another system without more ado', () => {
    expect(vouchedFields(person, 'hs', 'hs|contacts|9', undefined)).toEqual(person.fields);
  });
});

describe('a contact and the lead that it came from', () => {
  /** Converted: the two are one person for certain, and the lead alone has a phone number. */
  async function converted(hub: TestHub): Promise<{ contact: string; at: number }> {
    const at = hub.hub.clock.now() - 10 * day;
    const { records } = hub.emulator('salesforce');
    const contact = records.create('Contact', { LastName: 'Alt', Email: 'alt@x.example' }, { at });
    const lead = { LastName: 'Neu', Company: 'X', Email: 'alt@x.example', Phone: '+12125550107' };
    const fields = { ...lead, IsConverted: true, ConvertedContactId: contact };
    records.create('Lead', fields, { at: at + day });
    return { contact, at };
  }

  it('keep to themselves what nobody else says', async () => {
    const hub = await open({ systems: ['salesforce'] });
    const { contact } = await converted(hub);
    await hub.quiet();
    expect(hub.emulator('salesforce').records.get('Contact', contact)).toMatchObject({
      LastName: 'Alt',
      Phone: null,
    });
  });

  it('do not get it by way of another system either, where it is only repeated', async () => {
    const hub = await open();
    const { contact, at } = await converted(hub);
    const people = hub.emulator('hubspot').records;
    const person = people.create('contacts', { email: 'alt@x.example' }, { at });
    await hub.quiet();
    await hub.quiet();
    expect(people.get('contacts', person)).toMatchObject({ phone: '+12125550107' });
    const { records } = hub.emulator('salesforce');
    expect(records.get('Contact', contact)).toMatchObject({ LastName: 'Alt', Phone: null });
    // Somebody there says so now: that is a source.
    people.update('contacts', person, { phone: '+12125550199' });
    await hub.quiet();
    expect(records.get('Contact', contact)).toMatchObject({ Phone: '+12125550199' });
  });
});

describe('two leads of one address whose names agree', () => {
  const phone = '+12125550107';

  function leads(hub: TestHub, at: number) {
    const { records } = hub.emulator('salesforce');
    const of = (LastName: string, more: object) =>
      records.create('Lead', { Email: 'berg@x.example', LastName, Company: 'X', ...more }, { at });
    return { records, silent: of('Berg', { FirstName: 'Anna' }), known: of('Berg', { MobilePhone: phone }) };
  }

  it('learn nothing of each other from a contact that the hub made of both', async () => {
    const hub = await open();
    const at = hub.hub.clock.now() - 10 * day;
    const { records, silent } = leads(hub, at);
    const event = { type: 'identified', sessionId: 's', visitorId: 'v', email: 'berg@x.example' };
    hub.emulator('chatbot').records.create('event', { id: 'e', ...event }, { at: at + day });
    await hub.quiet();
    expect(hub.emulator('hubspot').records.all('contacts')).toMatchObject([{ mobilephone: phone }]);
    expect(records.get('Lead', silent)).toMatchObject({ MobilePhone: null });
  });

  it('learn nothing of each other once they are two either, from what the hub had written elsewhere', async () => {
    const hub = await open();
    const at = hub.hub.clock.now() - 10 * day;
    const people = hub.emulator('hubspot').records;
    const { records, silent } = leads(hub, at);
    const person = people.create('contacts', { email: 'berg@x.example' }, { at });
    await hub.quiet();
    expect(people.get('contacts', person)).toMatchObject({ mobilephone: phone });
    records.update('Lead', silent, { Email: null });
    await hub.quiet();
    expect(records.get('Lead', silent)).toMatchObject({ MobilePhone: null });
    people.update('contacts', person, { mobilephone: '+12125550199' });
    await hub.quiet();
    expect(records.get('Lead', silent)).toMatchObject({ MobilePhone: '+12125550199' });
  });

  it('learn nothing of each other from a contact that had it of the hub before it was merged', async () => {
    const hub = await open();
    const at = hub.hub.clock.now() - 10 * day;
    const people = hub.emulator('hubspot').records;
    const { records, silent } = leads(hub, at);
    const person = people.create('contacts', { email: 'berg@x.example' }, { at });
    const other = people.create('contacts', { email: 'a.berg@x.example', lastname: 'Berg' }, { at });
    await hub.quiet();
    const merged = people.merge?.('contacts', person, other) ?? '';
    await hub.quiet();
    expect(people.get('contacts', merged)).toMatchObject({ mobilephone: phone });
    expect(records.get('Lead', silent)).toMatchObject({ MobilePhone: null });
  });

  it('learn nothing of each other from a contact that was merged before the hub saw what it had written', async () => {
    const hub = await open();
    const at = hub.hub.clock.now() - 10 * day;
    const people = hub.emulator('hubspot').records;
    const { records, silent, known } = leads(hub, at);
    const person = people.create('contacts', { email: 'berg@x.example' }, { at });
    const other = people.create('contacts', { email: 'a.berg@x.example', lastname: 'Berg' }, { at });
    await hub.quiet();
    const later = '+12125550108';
    records.update('Lead', known, { MobilePhone: later });
    await hub.sync();
    const merged = people.merge?.('contacts', person, other) ?? '';
    await hub.quiet();
    expect(people.get('contacts', merged)).toMatchObject({ mobilephone: later });
    expect(records.get('Lead', silent)).toMatchObject({ MobilePhone: null });
  });
});
