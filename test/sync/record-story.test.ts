import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsFor } from '../../src/reports/doubts.ts';
import { findRecords } from '../../src/reports/record-found.ts';
import { type RecordStory, recordStory } from '../../src/reports/record-story.ts';
import { keepSite } from '../../src/sync/addresses.ts';
import { openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
let test: TestHub;
let contact: string;
let person: string;
/** Of the portal, as its check told it. */
let portal: string;

/** A contact in both CRMs, with a phone that Salesforce lacks; and a chat by her. */
beforeAll(async () => {
  test = await openTestHub();
  const at = test.hub.clock.now() - 10 * day;
  const create = (system: string, object: string, fields: object, ms = at) =>
    test.emulator(system).records.create(object, fields as never, { at: ms });
  contact = create('salesforce', 'Contact', { FirstName: 'Ada', LastName: 'Winter', Email: 'Ada@A.example' });
  person = create('hubspot', 'contacts', {
    email: 'ada@a.example',
    lastname: 'Winter',
    phone: '+12125550100',
  });
  create(
    'chatbot',
    'event',
    { type: 'identified', sessionId: 's1', visitorId: 'v1', email: 'ada@a.example' },
    at + day,
  );
  for (const system of test.hub.systems.values()) {
    const { site } = await system.connector.check(system.context);
    await keepSite(test.hub, system, site);
    portal = /contacts\/(\d+)$/.exec(site ?? '')?.[1] ?? portal;
  }
  await test.quiet();
});
afterAll(() => test.close());

async function story(system: string, given: string): Promise<RecordStory> {
  const [ref, ...others] = await findRecords(test.hub, test.system(system), given);
  if (ref === undefined || others.length > 0) throw new Error(`${given} names ${others.length + 1} records`);
  const told = await recordStory(test.hub, ref);
  if (!told) throw new Error(`${ref} has no story`);
  return told;
}

describe('the story of a record', () => {
  it('is found by either length of id, by address and by e-mail, however they are written', async () => {
    const site = 'https://acme.lightning.force.com/lightning/r';
    const ways = [
      ...[contact, contact.slice(0, 15), contact.toUpperCase(), contact.toLowerCase()],
      ...[`Contact/${contact.slice(0, 15)}`, `${site}/Contact/${contact}/view`, ' ADA@a.example '],
    ];
    for (const given of ways) expect((await story('salesforce', given)).record.id).toBe(contact);
    const pages = ['record/0-1', 'contact'].map(
      (path) => `https://app.hubspot.com/contacts/${portal}/${path}/${person}`,
    );
    for (const given of [person, ...pages]) expect((await story('hubspot', given)).record.id).toBe(person);
  });

  it('is found by object and id, where an id is that of several records', async () => {
    expect((await story('hubspot', `contacts/${person}`)).record).toMatchObject({ object: 'contacts' });
    expect(await findRecords(test.hub, test.system('hubspot'), `deals/${person}`)).toEqual([]);
    const [one, other] = ['7', '8'].map((id) => ({ connection: 'hubspot', object: 'contacts', id }));
    if (one && other)
      expect(commandsFor(one, other).same).toContain(' hubspot contacts/7 hubspot contacts/8');
  });

  it('is refused by an id that cannot be', async () => {
    await expect(
      findRecords(test.hub, test.system('salesforce'), '000000000000000AAB'),
    ).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('say which of the others are capital letters'),
    });
  });

  it('is refused by the address of another account, whose records may have the same ids', async () => {
    const other = `https://app.hubspot.com/contacts/9${portal}/record/0-1/${person}`;
    await expect(findRecords(test.hub, test.system('hubspot'), other)).rejects.toMatchObject({
      kind: 'usage',
      message: `The address is of portal 9${portal}, and this is portal ${portal}.`,
    });
  });

  it('is not found by what names something else', async () => {
    const deal = `https://app.hubspot.com/contacts/${portal}/record/0-3/${person}`;
    for (const given of [deal, 'nobody@a.example', '42', ''])
      expect(await findRecords(test.hub, test.system('hubspot'), given)).toEqual([]);
  });

  it('names whom it was paired with, by which keys, and where they can be looked at', async () => {
    const { entity, paired } = await story('salesforce', contact);
    expect(entity).toMatchObject({ kind: 'Person', name: 'Ada Winter' });
    expect(paired).toContainEqual({
      connection: 'hubspot',
      object: 'contacts',
      id: person,
      by: [
        'a pair remembered by email ada@a.example',
        'email ada@a.example',
        expect.stringMatching(/^hub id [0-9a-f]{32}$/),
      ],
      count: 1,
      address: expect.stringMatching(
        new RegExp(`^https://app\\.hubspot\\.com/contacts/\\d+/record/0-1/${person}$`),
      ),
    });
    expect(paired.find(({ connection }) => connection === 'chatbot')?.by).toContain('email ada@a.example');
  });

  it('says of every object that could hold the person what it holds, or why it holds nothing', async () => {
    const { places } = await story('hubspot', person);
    expect(places).toEqual(
      expect.arrayContaining([
        { connection: 'salesforce', object: 'Contact', records: [contact], why: 'holds what it should' },
        expect.objectContaining({
          connection: 'salesforce',
          object: 'Lead',
          records: [],
          why: expect.stringContaining('the Contact is there'),
        }),
      ]),
    );
  });

  it('tells every write with before, after, reason and run', async () => {
    const { writes } = await story('hubspot', person);
    const toContact = writes.filter(({ object }) => object === 'Contact');
    expect(toContact).toEqual([
      expect.objectContaining({ connection: 'salesforce', record: contact, op: 'update', status: 'written' }),
    ]);
    const phone = toContact[0]?.fields.find(({ field }) => field === 'Phone');
    expect(phone).toMatchObject({
      before: null,
      after: '+12125550100',
      reason: expect.stringContaining(`hubspot contacts ${person} says so`),
    });
  });

  it('does not say of a deleted record that it holds what it should', async () => {
    const at = test.hub.clock.now() - day;
    const who = { FirstName: 'Bo', LastName: 'Lind', Email: 'bo@b.example', Company: 'B' };
    const lead = test.emulator('salesforce').records.create('Lead', who as never, { at });
    await test.quiet();
    test.emulator('salesforce').records.remove('Lead', lead);
    await test.quiet();
    const { places } = await story('salesforce', lead);
    expect(places.find(({ object }) => object === 'Lead')?.why).toBe(
      'gone there; the hub does not make it again',
    );
  });
});
