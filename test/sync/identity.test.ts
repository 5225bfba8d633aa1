/** Who is who, on the whole road: what is not joined, what is told, what an admin says, what is remembered. */
import { describe, expect, it } from 'vitest';
import { hubStatus } from '../../src/reports/status.ts';
import { suggestions } from '../../src/reports/suggestions.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { decide, pairAmong } from '../../src/sync/resolve/decide.ts';
import { findDeal, openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
const info = 'info@haus.example';

async function withHub(
  work: (hub: TestHub, at: number) => Promise<void>,
  systems?: readonly string[],
): Promise<void> {
  const hub = await openTestHub(systems ? { systems } : {});
  try {
    await work(hub, hub.hub.clock.now() - 40 * day);
  } finally {
    await hub.close();
  }
}

const make = (hub: TestHub, system: string, object: string, fields: JsonObject, at: number) =>
  hub.emulator(system).records.create(object, fields, { at });
const rows = (hub: TestHub, system: string, object: string) => hub.emulator(system).records.all(object);
const said = (hub: TestHub, id: string, fields: JsonObject, at: number) =>
  make(
    hub,
    'chatbot',
    'event',
    { id, type: 'identified', sessionId: id, visitorId: `v-${id}`, ...fields },
    at,
  );

const people = async (hub: TestHub) =>
  (await hub.hub.store.entities.scan('Person', null, 100)).filter(({ withdrawn }) => !withdrawn);

describe('two contacts with one address and different names', () => {
  const contacts = (hub: TestHub, at: number) => ({
    anna: make(hub, 'salesforce', 'Contact', { FirstName: 'Anna', LastName: 'Berg', Email: info }, at),
    bert: make(hub, 'salesforce', 'Contact', { FirstName: 'Bert', LastName: 'Kahn', Email: info }, at + day),
  });

  it('are told with the evidence, and a chat that may be either of them makes nobody until an admin has said whose it is', () =>
    withHub(async (hub, at) => {
      const { anna } = contacts(hub, at);
      said(hub, 'e1', { email: info, phone: '+12125550100' }, at + 2 * day);
      await hub.quiet();
      expect([rows(hub, 'salesforce', 'Lead').length, rows(hub, 'hubspot', 'contacts').length]).toEqual([
        0, 0,
      ]);
      const [doubt] = (await suggestions(hub.hub)).doubts;
      expect(doubt).toMatchObject({ kind: 'Person', key: `email:${info}`, held: 1, holders: 3 });
      const pair = doubt?.pairs.find(({ one, other }) =>
        [one, other].every(({ object }) => object === 'Contact'),
      );
      expect(pair?.weights.map(({ field, level }) => `${field} ${level}`)).toEqual([
        'email the same',
        'name different',
      ]);
      expect(pair?.total).toBeCloseTo(
        (pair?.weights ?? []).reduce((sum, { bits }) => sum + bits, 0),
        9,
      );
      expect(pair?.commands.same).toMatch(/^hub same salesforce \w+ salesforce \w+$/);
      expect((await hub.hub.store.work.parked()).map(({ reason }) => reason.code)).toContain(
        'SOMEBODY_OF_SEVERAL',
      );

      await decide(hub.hub, 'same', `salesforce|Contact|${anna}`, 'chatbot|event|e1');
      await hub.quiet();
      const phones = rows(hub, 'salesforce', 'Contact').map(({ Id, Phone }) => [Id === anna, Phone ?? null]);
      expect(phones.sort()).toEqual([
        [false, null],
        [true, '+12125550100'],
      ]);
      expect(rows(hub, 'salesforce', 'Lead')).toEqual([]);
    }));

  it('one of whom cannot be made where only one may have the address is parked with who has it', () =>
    withHub(async (hub, at) => {
      const { bert } = contacts(hub, at);
      const there = make(
        hub,
        'hubspot',
        'contacts',
        { firstname: 'Anna', lastname: 'Berg', email: info },
        at,
      );
      said(hub, 'e1', { email: info }, at + 2 * day);
      await hub.quiet();
      await decide(hub.hub, 'same', `salesforce|Contact|${bert}`, 'chatbot|event|e1');
      await hub.quiet();
      const parked = await hub.hub.store.work.parked({ stage: 'push' });
      expect(parked.map(({ reason: { code, message } }) => [code, message])).toEqual([
        [
          'SOMEBODY_OF_SEVERAL',
          expect.stringContaining(`hubspot contacts ${there} has a value that HubSpot takes`),
        ],
      ]);
    }));

  it('are one when an admin says so, and two again when that is taken back', () =>
    withHub(
      async (hub, at) => {
        const { anna, bert } = contacts(hub, at);
        const [one, other] = [`salesforce|Contact|${anna}`, `salesforce|Contact|${bert}`];
        await hub.quiet();
        expect(await people(hub)).toHaveLength(2);
        expect(await decide(hub.hub, 'same', one, other)).toMatchObject({ kind: 'Person', isNews: true });
        expect(await decide(hub.hub, 'same', other, one)).toMatchObject({ isNews: false });
        await hub.settle();
        expect(await people(hub)).toHaveLength(1);
        expect((await suggestions(hub.hub)).doubts).toEqual([]);
        const third = `salesforce|Contact|${make(hub, 'salesforce', 'Contact', { LastName: 'Kahn' }, hub.hub.clock.now())}`;
        await hub.quiet();
        await decide(hub.hub, 'same', other, third);
        await expect(decide(hub.hub, 'different', one, third)).rejects.toThrow('contradicts');
        await decide(hub.hub, 'undecided', other, third);
        await decide(hub.hub, 'undecided', one, other);
        await hub.settle();
        expect(await people(hub)).toHaveLength(3);
        await decide(hub.hub, 'different', one, other);
        await hub.settle();
        expect((await suggestions(hub.hub)).doubts.flatMap(({ pairs }) => pairs)).toEqual([]);
      },
      ['salesforce', 'chatbot'],
    ));
});

it('two whom an admin told apart are settled until a chat may be either of them, and then `suggest` shows it', () =>
  withHub(async (hub, at) => {
    const contact = make(hub, 'salesforce', 'Contact', { LastName: 'Berg', Email: info }, at);
    const person = make(hub, 'hubspot', 'contacts', { lastname: 'Berg', email: info }, at);
    await hub.quiet();
    await decide(hub.hub, 'different', `salesforce|Contact|${contact}`, `hubspot|contacts|${person}`);
    await hub.quiet();
    expect((await suggestions(hub.hub)).doubts).toEqual([]);
    expect((await hubStatus(hub.hub)).doubts).toEqual({});
    said(hub, 'e1', { email: info }, at + day);
    await hub.quiet();
    const [doubt] = (await suggestions(hub.hub)).doubts;
    expect([doubt?.key, doubt?.held, doubt?.pairs.length]).toEqual([`email:${info}`, 1, 2]);
    expect((await hubStatus(hub.hub)).doubts).toEqual({ 'several people': 1 });
  }));

it('a number that is a contact and a deal of one system is the one that can be paired', () =>
  withHub(async (hub, at) => {
    const opportunity = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2099-12-31' };
    const [id, deal] = [
      make(hub, 'salesforce', 'Opportunity', opportunity, at),
      make(hub, 'hubspot', 'deals', { dealname: 'Deal', dealstage: 'appointmentscheduled' }, at),
    ];
    const person = make(hub, 'hubspot', 'contacts', { email: info }, at);
    await hub.quiet();
    const both = [`hubspot|contacts|${person}`, `hubspot|deals|${deal}`];
    const other = `salesforce|Opportunity|${id}`;
    expect(await pairAmong(hub.hub, both, [other])).toEqual([`hubspot|deals|${deal}`, other]);
    expect(await pairAmong(hub.hub, both, both)).toBeNull();
  }));

it('an id that two customers share joins nobody, is told, and is counted by status', () =>
  withHub(async (hub, at) => {
    for (const name of ['anna', 'ben']) {
      const email = `${name}@x.example`;
      make(hub, 'salesforce', 'Contact', { LastName: name, Email: email }, at);
      make(hub, 'hubspot', 'contacts', { lastname: name, email }, at);
      said(hub, `e-${name}`, { email, userId: 'portal-4711' }, at + day);
    }
    await hub.quiet();
    expect(await people(hub)).toHaveLength(2);
    expect((await suggestions(hub.hub)).doubts.map(({ key }) => key)).toEqual([
      'chatUser:chatbot:portal-4711',
    ]);
    expect((await hubStatus(hub.hub)).doubts).toEqual({ 'other names': 1 });
  }));

it('records that were matched stay matched when their addresses change, one after the other', () =>
  withHub(async (hub, at) => {
    const person = make(hub, 'hubspot', 'contacts', { email: 'ada@old.example', lastname: 'Winter' }, at);
    const contact = make(hub, 'salesforce', 'Contact', { LastName: 'Winter', Email: 'ada@old.example' }, at);
    said(hub, 'e1', { email: 'ada@old.example' }, at + day);
    await hub.quiet();
    hub.emulator('hubspot').records.update('contacts', person, { email: 'ada@new.example' });
    await hub.quiet();
    hub.emulator('salesforce').records.update('Contact', contact, { Email: 'ada@newer.example' });
    await hub.quiet();
    said(hub, 'e2', { email: 'ada@old.example' }, at + 2 * day);
    await hub.quiet();
    expect(await people(hub)).toHaveLength(1);
    expect([rows(hub, 'hubspot', 'contacts').length, rows(hub, 'salesforce', 'Lead').length]).toEqual([1, 0]);
  }));

it('a cloned deal that kept the id of an opportunity is a deal of its own, and is told', () =>
  withHub(async (hub, at) => {
    const opportunity = make(
      hub,
      'salesforce',
      'Opportunity',
      { Name: 'Renewal', StageName: 'Prospecting', Amount: 1_000, CloseDate: '2099-12-31' },
      at,
    );
    const deal = {
      dealname: 'Renewal',
      dealstage: 'appointmentscheduled',
      salesforce_opportunity_id: opportunity,
    };
    const original = make(hub, 'hubspot', 'deals', { ...deal, amount: '1000' }, at + day);
    await hub.quiet();
    const clone = make(
      hub,
      'hubspot',
      'deals',
      { ...deal, amount: '9000', dealstage: 'closedwon' },
      hub.hub.clock.now(),
    );
    await hub.quiet();
    const [first, second, third] = [
      await findDeal(hub, 'Opportunity', opportunity),
      await findDeal(hub, 'deals', original),
      await findDeal(hub, 'deals', clone),
    ];
    expect(second?.id).toBe(first?.id);
    expect(third?.id).not.toBe(first?.id);
    expect([first?.fields.status, first?.fields.amount]).toEqual([
      'open',
      { minor: 100_000, currency: 'USD' },
    ]);
    const [doubt] = (await suggestions(hub.hub)).doubts;
    expect(doubt).toMatchObject({ kind: 'Deal', key: `id:salesforce:Opportunity:${opportunity}` });
    expect(doubt?.pairs[0]?.weights.map(({ field, level }) => `${field} ${level}`)).toEqual([
      'deal name the same',
      'amount different',
    ]);
  }));

it('a likely pair of deals shows its evidence and what to type, until an admin has told them apart', () =>
  withHub(async (hub, at) => {
    const contact = make(hub, 'salesforce', 'Contact', { LastName: 'Berg', Email: info }, at);
    const person = make(hub, 'hubspot', 'contacts', { lastname: 'Berg', email: info }, at);
    const fields = { Name: 'Renewal', StageName: 'Prospecting', Amount: 1_000, CloseDate: '2099-12-31' };
    const opportunity = make(hub, 'salesforce', 'Opportunity', fields, at);
    const role = { OpportunityId: opportunity, ContactId: contact };
    make(hub, 'salesforce', 'OpportunityContactRole', role, at);
    const associations = [{ object: 'contacts', id: person }];
    const twin = { dealname: 'Renewal', amount: '1000', dealstage: 'appointmentscheduled', associations };
    const deal = make(hub, 'hubspot', 'deals', twin, at);
    await hub.quiet();
    const [pair] = (await suggestions(hub.hub)).pairs;
    expect(pair?.weights.map(({ field, level }) => `${field} ${level}`)).toEqual([
      'deal name the same',
      'amount the same',
    ]);
    expect(pair?.total).toBeCloseTo(
      (pair?.weights ?? []).reduce((sum, { bits }) => sum + bits, 0),
      9,
    );
    expect(pair?.commands.different).toContain(`salesforce ${opportunity}`);
    expect(pair?.commands.different).toContain(`hubspot deals/${deal}`);
    await decide(hub.hub, 'different', `salesforce|Opportunity|${opportunity}`, `hubspot|deals|${deal}`);
    await hub.settle();
    expect((await suggestions(hub.hub)).pairs).toEqual([]);
  }));
