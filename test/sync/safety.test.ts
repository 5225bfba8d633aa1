/** Safe first contact: nothing is written unasked, much is asked about, everything can be undone, nothing is doubled. */
import { afterEach, describe, expect, it } from 'vitest';
import { type EntityKind, entityKinds } from '../../src/canonical/model.ts';
import { land } from '../../src/sync/pull/landing.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { pullStream } from '../../src/sync/pull/stream.ts';
import { allowHeld, asksFirstCode } from '../../src/sync/push/gates/safety.ts';
import type { PlannedWrite } from '../../src/sync/push/plan/plan.ts';
import { planWrites } from '../../src/sync/push/plan/reconcile.ts';
import { markAdminChanges, walk } from '../../src/sync/road.ts';
import {
  attached,
  dataDirectory,
  openTestHub,
  type TestHub,
  type TestHubOptions,
  writeRequests,
} from './hub.ts';
import { crmCounts, crmState } from './state.ts';
import { chat, emails, tellStory } from './story.ts';

const opened: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function open(options: TestHubOptions = {}): Promise<TestHub> {
  const hub = await openTestHub(options);
  opened.push(() => hub.close());
  return hub;
}

function dataOf(): string {
  const data = dataDirectory();
  opened.push(data.remove);
  return data.path;
}

const off = { salesforce: { writes: 'off' }, hubspot: { writes: 'off' } };
const wholeSecond = (hub: TestHub) => Math.floor(hub.hub.clock.now() / 1_000) * 1_000;

async function planned(hub: TestHub, system: string): Promise<PlannedWrite[]> {
  const of = async (kind: EntityKind) =>
    (await planWrites(hub.hub, hub.system(system), await hub.hub.store.entities.scan(kind, null, 1_000)))
      .writes;
  return (await Promise.all(entityKinds.map(of))).flat();
}

describe('a new connection', () => {
  it('is read and planned for, and nothing is written', async () => {
    const hub = await open({ connection: off });
    tellStory(hub.emulator, wholeSecond(hub));
    const before = crmState(hub.emulator, 0);
    const requests = writeRequests(hub);
    await markAdminChanges(hub.hub);
    await hub.quiet();
    const salesforce = await planned(hub, 'salesforce');
    expect(new Set(salesforce.map(({ object }) => object.object))).toEqual(
      new Set(['Lead', 'Opportunity', 'Chat_Touch__c']),
    );
    expect((await planned(hub, 'hubspot')).map(({ object }) => object.object).sort()).toEqual([
      'contacts',
      'contacts',
      'deals',
      'deals',
    ]);
    expect(writeRequests(hub)).toEqual(requests);
    expect(crmState(hub.emulator, 0)).toEqual(before);
    expect(await hub.hub.store.outbox.writes({}, 10)).toEqual([]);
  });

  it('is written object by object, as the admin switches them on', async () => {
    const data = dataOf();
    const hub = await open({ connection: off, data });
    tellStory(hub.emulator, wholeSecond(hub));
    await markAdminChanges(hub.hub);
    await hub.quiet();
    const counts = crmCounts(hub.emulator);

    const attach = attached(hub);
    const writes = { salesforce: { writes: { Opportunity: 'on' } }, hubspot: { writes: 'off' } };
    const second = await open({ data, attach, connection: writes, clock: hub.hub.clock });
    expect(await markAdminChanges(second.hub)).toContainEqual(
      expect.objectContaining({ connection: 'salesforce', object: 'Deal', why: 'writes' }),
    );
    await second.quiet();
    const sent = await second.hub.store.outbox.writes({}, 100);
    expect(sent.map(({ object, op }) => `${object} ${op}`)).toEqual([
      'Opportunity update',
      'Opportunity update',
    ]);
    expect(crmCounts(hub.emulator)).toEqual(counts);

    const third = await open({ data, attach, clock: hub.hub.clock });
    await markAdminChanges(third.hub);
    await third.quiet();
    expect(await third.hub.store.outbox.writes({ connection: 'hubspot' }, 100)).toHaveLength(4);
    expect(await planned(third, 'salesforce')).toEqual([]);
  });
});

describe('a push that would change too much', () => {
  const guarded = { safety: { maxShare: 0.25, minRecords: 5 } };

  /** Ten customers who chatted, each with a deal. */
  function tellMany(hub: TestHub, count = 10): void {
    const now = wholeSecond(hub);
    const at = now - 20 * 86_400_000;
    const { records } = hub.emulator('salesforce');
    for (let number = 0; number < count; number += 1) {
      const who = `customer${number}`;
      const ContactId = records.create(
        'Contact',
        { LastName: who, Email: `${who}@visitors.example` },
        { at },
      );
      const deal = { Name: who, StageName: 'Prospecting', CloseDate: '2099-01-01', Amount: 100 };
      const OpportunityId = records.create('Opportunity', deal, { at });
      records.create('OpportunityContactRole', { OpportunityId, ContactId, Role: 'Decision Maker' }, { at });
      chat(hub.emulator, { who, session: who, at: at - 86_400_000 });
    }
  }

  it('stops and asks, and goes on when it is allowed to', async () => {
    const hub = await open({ settings: guarded, systems: ['salesforce', 'chatbot'] });
    tellMany(hub);
    await hub.quiet();
    const held = await hub.hub.store.work.parked({ stage: 'push' });
    expect(held.map(({ reason }) => reason.code)).toEqual(Array(10).fill(asksFirstCode));
    expect(held[0]?.reason.message).toMatch(/10 of 10 Opportunity records.*25 %.*push --yes/);
    const written = () => hub.hub.store.outbox.writes({}, 100).then((writes) => writes.filter(isDeal));
    const isDeal = ({ object }: { object: string }) => object === 'Opportunity';
    expect(await written()).toEqual([]);

    expect(await allowHeld(hub.hub)).toBe(10);
    await walk(hub.hub, { yes: true });
    expect(await written()).toHaveLength(10);
    expect(await hub.hub.store.work.parked()).toEqual([]);
  });

  it('is let through when it is small, by number or by share', async () => {
    const few = await open({ settings: guarded, systems: ['salesforce', 'chatbot'] });
    tellMany(few, 4);
    await few.quiet();
    expect(await few.hub.store.work.parked()).toEqual([]);
    const generous = { safety: { maxShare: 1, minRecords: 0 } };
    const all = await open({ settings: generous, systems: ['salesforce', 'chatbot'] });
    tellMany(all);
    await all.quiet();
    expect(await all.hub.store.work.parked()).toEqual([]);
  });
});

describe('every write', () => {
  it('keeps the values that it replaced', async () => {
    const hub = await open();
    const story = tellStory(hub.emulator, wholeSecond(hub));
    await hub.quiet();
    hub.emulator('hubspot').records.update('contacts', story.contacts.ada, { phone: '+1 212 555 0123' });
    await hub.quiet();
    const [last] = await hub.hub.store.outbox.writes({ connection: 'salesforce' }, 1);
    expect(last).toMatchObject({
      object: 'Contact',
      recordId: story.Contact.ada,
      replaced: { Phone: '+12125550101' },
      fields: { Phone: expect.stringMatching(/0123/) },
      status: 'written',
      reasons: {
        Phone: { from: `hubspot|contacts|${story.contacts.ada}`, rule: expect.stringContaining('two-way') },
      },
    });
    for (const write of await hub.hub.store.outbox.writes({}, 100)) {
      expect(Object.keys(write.replaced)).toEqual(Object.keys(write.fields));
      expect(Object.keys(write.reasons ?? {})).toEqual(expect.arrayContaining(Object.keys(write.fields)));
    }
  });
});

describe('creation', () => {
  const evis = (hub: TestHub) => ({
    leads: hub
      .emulator('salesforce')
      .records.all('Lead')
      .filter((row) => row.Email === emails.evi).length,
    contacts: hub
      .emulator('hubspot')
      .records.all('contacts')
      .filter((row) => row.email === emails.evi).length,
  });
  const say = (hub: TestHub, session: string) =>
    chat(hub.emulator, { who: 'evi', session, at: wholeSecond(hub) - 60_000 });

  it('does not bring back what somebody deleted', async () => {
    const hub = await open();
    say(hub, 'first');
    await hub.quiet();
    expect(evis(hub)).toEqual({ leads: 1, contacts: 1 });
    const { records: salesforce } = hub.emulator('salesforce');
    const { records: hubspot } = hub.emulator('hubspot');
    salesforce.remove('Lead', String(salesforce.all('Lead')[0]?.Id));
    hubspot.remove('contacts', String(hubspot.all('contacts')[0]?.id));
    await hub.quiet();
    await hub.hub.clock.sleep(3_600_000);
    say(hub, 'second');
    await hub.quiet();
    expect(evis(hub)).toEqual({ leads: 0, contacts: 0 });
  });

  it('does not bring back whom somebody erased, whether or not a webhook said so', async () => {
    for (const [told, byHub] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ]) {
      const hub = await open();
      const { records } = hub.emulator('hubspot');
      if (!byHub) records.create('contacts', { email: emails.evi, lastname: 'Mai' });
      say(hub, 'first');
      await hub.quiet();
      const id = String(records.all('contacts')[0]?.id);
      records.act?.('erase', 'contacts', id);
      const at = hub.hub.clock.now();
      const erasure = {
        object: 'contacts',
        id,
        body: {},
        modifiedAt: at,
        tombstone: { kind: 'erased' },
      } as const;
      if (told) await land(hub.hub, 'hubspot', [erasure]);
      await hub.quiet();
      await hub.hub.clock.sleep(3_600_000);
      say(hub, 'second');
      await hub.quiet();
      expect([told, byHub, evis(hub).contacts]).toEqual([told, byHub, 0]);
    }
  });

  it('makes no second record of somebody who has or had one there', async () => {
    const hub = await open();
    const story = tellStory(hub.emulator, wholeSecond(hub));
    await hub.quiet();
    hub.emulator('salesforce').records.remove('Lead', story.Lead.ben);
    hub.emulator('hubspot').records.remove('contacts', story.contacts.ben);
    await hub.quiet();
    await hub.hub.clock.sleep(3_600_000);
    await hub.quiet();
    chat(hub.emulator, { who: 'ben', session: 'again', at: wholeSecond(hub) - 60_000 });
    await hub.quiet();
    const leads = hub
      .emulator('salesforce')
      .records.all('Lead')
      .map(({ Email }) => Email);
    // Cleo and Evi had none. Ada and Dora are contacts, Ben's lead was deleted.
    expect(leads.sort()).toEqual([emails.cleo, emails.evi]);
    const contacts = hub
      .emulator('hubspot')
      .records.all('contacts')
      .map(({ email }) => email);
    expect(contacts.sort()).toEqual([emails.ada, emails.cleo, emails.dora, emails.evi]);
  });

  it('waits until all systems have been read once, the other CRM, too', async () => {
    const hub = await open();
    say(hub, 'first');
    await pullSystem(hub.hub, hub.system('chatbot'));
    await walk(hub.hub);
    expect(evis(hub)).toEqual({ leads: 0, contacts: 0 });
    expect((await hub.hub.store.work.counts()).push).toBe(2);
    await pullSystem(hub.hub, hub.system('hubspot'));
    await pullStream(hub.hub, hub.system('salesforce'), 'Lead');
    expect((await walk(hub.hub)).unread).toEqual(['salesforce']);
    await hub.hub.clock.sleep(10_000);
    expect((await walk(hub.hub)).unread).toEqual(['salesforce']);
    expect(evis(hub)).toEqual({ leads: 0, contacts: 0 });
    await pullSystem(hub.hub, hub.system('salesforce'));
    await hub.settle();
    expect(evis(hub)).toEqual({ leads: 1, contacts: 1 });
  });

  it('does not double a record that appeared a moment ago', async () => {
    const hub = await open();
    await hub.quiet();
    hub.emulator('salesforce').records.create('Contact', { LastName: 'Mai', Email: emails.evi });
    hub.emulator('hubspot').records.create('contacts', { lastname: 'Mai', email: emails.evi });
    say(hub, 'first');
    await pullSystem(hub.hub, hub.system('chatbot'));
    await hub.settle();
    await hub.quiet();
    expect(evis(hub)).toEqual({ leads: 0, contacts: 1 });
  });

  it('waits for a reading that is under way elsewhere', async () => {
    const hub = await open();
    await hub.quiet();
    await hub.hub.clock.sleep(600_000);
    hub.emulator('salesforce').records.create('Contact', { LastName: 'Mai', Email: emails.evi });
    say(hub, 'first');
    await pullSystem(hub.hub, hub.system('chatbot'));
    await hub.hub.store.connections.leased('pull:salesforce:Contact', 60_000, async () => {
      await walk(hub.hub);
      expect(evis(hub).leads).toBe(0);
    });
    await hub.settle();
    await hub.quiet();
    expect(evis(hub)).toEqual({ leads: 0, contacts: 1 });
  });
});
