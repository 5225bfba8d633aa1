/**
 * What is known at a deal's close stays: a change in a CRM after the close takes no touch from the deal, whether the hub
 * watched it happen or reads it all afterwards.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { VendorRecord } from '../../src/connector/contract/reading.ts';
import { explainDeal } from '../../src/reports/explain.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { land } from '../../src/sync/pull/landing.ts';
import { decide } from '../../src/sync/resolve/decide.ts';
import { findDeal, found, openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
const hubs: TestHub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

/** The hub reads after each day of the story, or only once at the end. */
const readings = ['every day', 'once afterwards'] as const;
type Reading = (typeof readings)[number];

/** Everybody has a browser of their own. */
function visitorOf(who: JsonObject): string {
  return `v${JSON.stringify(who)}`;
}

async function opened(reading: Reading) {
  const hub = await openTestHub();
  hubs.push(hub);
  const records = (system: string) => hub.emulator(system).records;
  const [salesforce, hubspot, chatbot] = [records('salesforce'), records('hubspot'), records('chatbot')];
  const date = () => new Date(hub.hub.clock.now()).toISOString().slice(0, 10);
  let day0 = 0;
  return {
    hub,
    salesforce,
    hubspot,
    /** The end of a day. */
    night: async () => {
      if (reading === 'every day') await hub.quiet();
      await hub.hub.clock.sleep(day);
      day0 += 1;
    },
    end: () => hub.quiet(),
    chat: (who: JsonObject) => {
      const say = (type: string, more: JsonObject) =>
        chatbot.create('event', {
          type,
          sessionId: `s${day0}-${JSON.stringify(who)}`,
          visitorId: visitorOf(who),
          ...more,
        });
      say('session.started', { landingPage: 'https://www.site.example/' });
      return say('identified', who);
    },
    contact: (LastName: string, Email: string, more: JsonObject = {}) =>
      salesforce.create('Contact', { LastName, Email, ...more }),
    opportunity: (contact: string | null, more: JsonObject = {}) => {
      const fields = { Name: 'Deal', Amount: 1000, StageName: 'Prospecting', CloseDate: date(), ...more };
      const id = salesforce.create('Opportunity', fields);
      const role =
        contact === null
          ? ''
          : salesforce.create('OpportunityContactRole', { OpportunityId: id, ContactId: contact });
      return { id, role };
    },
    win: (id: string) => salesforce.update('Opportunity', id, { StageName: 'Closed Won', CloseDate: date() }),
    touches: async (id: string, object: 'Opportunity' | 'deals' = 'Opportunity') =>
      (await findDeal(hub, object, id))?.fields['chatCredit.touches'] ?? null,
    changes: async (id: string) => found((await explainDeal(hub.hub, id)) ?? undefined, `deal ${id}`).changes,
  };
}

describe.each(readings)('a closed deal, read %s, keeps its chats', (reading) => {
  it('when another old contact gets the address afterwards', async () => {
    const w = await opened(reading);
    const [ann, bob] = [w.contact('Ann', 'ann@x.example'), w.contact('Bob', 'bob@x.example')];
    const { id } = w.opportunity(ann);
    w.chat({ email: 'ann@x.example', name: 'Ann' });
    await w.night();
    w.win(id);
    await w.night();
    w.salesforce.update('Contact', bob, { Email: 'ann@x.example' });
    await w.night();
    await w.end();
    expect(await w.touches(id)).toBe(1);
  });

  it('of a mailbox that two share, whichever of the two is edited afterwards', async () => {
    for (const edited of [0, 1]) {
      const w = await opened(reading);
      const people = [w.contact('Ann', 'info@x.example'), w.contact('Bob', 'info@x.example')];
      const deals = people.map((person) => w.opportunity(person).id);
      w.chat({ email: 'info@x.example', name: 'Ann' });
      w.chat({ email: 'info@x.example' });
      await w.night();
      for (const id of deals) w.win(id);
      await w.night();
      w.salesforce.update('Contact', people[edited] ?? '', { Title: 'CTO' });
      await w.night();
      await w.end();
      expect(await Promise.all(deals.map((id) => w.touches(id)))).toEqual([1, null]);
    }
  });

  it('when its contact gets another name, and another one the address', async () => {
    const w = await opened(reading);
    const [ann, bob] = [w.contact('Ann', 'ann@x.example'), w.contact('Bob', 'bob@x.example')];
    const { id } = w.opportunity(ann);
    w.chat({ email: 'ann@x.example', name: 'Ann' });
    await w.night();
    w.win(id);
    await w.night();
    w.salesforce.update('Contact', bob, { Email: 'ann@x.example', LastName: 'Ann' });
    await w.night();
    await w.end();
    expect(await w.touches(id)).toBe(1);
  });

  it('when the contact role, or the contact, is deleted afterwards', async () => {
    const w = await opened(reading);
    const [ann, bob] = [w.contact('Ann', 'ann@x.example'), w.contact('Bob', 'bob@x.example')];
    const [one, other] = [w.opportunity(ann), w.opportunity(bob)];
    w.chat({ email: 'ann@x.example' });
    w.chat({ email: 'bob@x.example' });
    await w.night();
    w.win(one.id);
    w.win(other.id);
    await w.night();
    w.salesforce.remove('OpportunityContactRole', one.role);
    w.salesforce.remove('Contact', bob);
    await w.night();
    await w.end();
    expect([await w.touches(one.id), await w.touches(other.id)]).toEqual([1, 1]);
  });

  it('when its account’s people move on, or a role is entered afterwards', async () => {
    const w = await opened(reading);
    const AccountId = w.salesforce.create('Account', { Name: 'X' });
    const elsewhere = w.salesforce.create('Account', { Name: 'Y' });
    const ann = w.contact('Ann', 'ann@x.example', { AccountId });
    const bob = w.contact('Bob', 'bob@x.example', { AccountId });
    const { id } = w.opportunity(null, { AccountId });
    w.chat({ email: 'ann@x.example' });
    await w.night();
    w.win(id);
    await w.night();
    w.salesforce.create('OpportunityContactRole', { OpportunityId: id, ContactId: bob });
    await w.night();
    if (reading === 'every day') w.salesforce.update('Contact', ann, { AccountId: elsewhere });
    await w.night();
    await w.end();
    expect(await w.touches(id)).toBe(1);
  });

  it('when the address of a HubSpot contact is changed afterwards, and another gets it', async () => {
    const w = await opened(reading);
    const ann = w.hubspot.create('contacts', { lastname: 'Ann', email: 'ann@x.example' });
    const bob = w.hubspot.create('contacts', { lastname: 'Bob', email: 'bob@x.example' });
    const deal = w.hubspot.create('deals', {
      ...{ dealname: 'Deal', amount: '500', dealstage: 'appointmentscheduled', pipeline: 'default' },
      associations: [{ object: 'contacts', id: ann }],
    });
    w.chat({ email: 'ann@x.example' });
    await w.night();
    w.hubspot.update('deals', deal, { dealstage: 'closedwon' });
    await w.night();
    w.hubspot.update('contacts', ann, { email: 'ann@new.example' });
    await w.night();
    w.hubspot.update('contacts', bob, { email: 'ann@x.example' });
    await w.night();
    await w.end();
    expect(await w.touches(deal, 'deals')).toBe(1);
  });

  it('when an address had changed hands before the close, and gives the new holder none of the old chats', async () => {
    const w = await opened(reading);
    const [ann, bob] = ['Ann', 'Bob'].map((name) => {
      const contact = w.hubspot.create('contacts', {
        lastname: name,
        email: `${name.toLowerCase()}@x.example`,
      });
      const deal = w.hubspot.create('deals', {
        ...{ dealname: name, amount: '500', dealstage: 'appointmentscheduled', pipeline: 'default' },
        associations: [{ object: 'contacts', id: contact }],
      });
      return { contact, deal };
    });
    if (!ann || !bob) throw new Error('there are two');
    w.chat({ email: 'ann@x.example' });
    await w.night();
    w.hubspot.update('contacts', ann.contact, { email: 'ann@new.example' });
    await w.night();
    w.hubspot.update('contacts', bob.contact, { email: 'ann@x.example' });
    await w.night();
    for (const { deal } of [ann, bob]) w.hubspot.update('deals', deal, { dealstage: 'closedwon' });
    await w.night();
    await w.end();
    expect([await w.touches(ann.deal, 'deals'), await w.touches(bob.deal, 'deals')]).toEqual([1, null]);
  });
});

describe('a deal of HubSpot', () => {
  it('keeps somebody of whom HubSpot lets go after the close, and not before', async () => {
    const w = await opened('every day');
    const emulator = w.hub.emulator('hubspot');
    const ann = w.hubspot.create('contacts', { lastname: 'Ann', email: 'ann@x.example' });
    const deal = () =>
      w.hubspot.create('deals', {
        ...{ dealname: 'Deal', amount: '500', dealstage: 'appointmentscheduled', pipeline: 'default' },
        associations: [{ object: 'contacts', id: ann }],
      });
    const [before, after] = [deal(), deal()];
    const letGo = async (id: string) => {
      const path = `/crm/v4/objects/deals/${id}/associations/contacts/${ann}`;
      const authorization = `Bearer ${String(emulator.config.accessToken)}`;
      await fetch(emulator.url + path, { method: 'DELETE', headers: { authorization } });
      // Nothing else makes the hub look at the deal again so soon.
      w.hubspot.update('deals', id, { description: 'changed' });
    };
    w.chat({ email: 'ann@x.example' });
    await w.night();
    await letGo(before);
    await w.night();
    for (const id of [before, after]) w.hubspot.update('deals', id, { dealstage: 'closedwon' });
    await w.night();
    await letGo(after);
    await w.night();
    await w.end();
    expect([await w.touches(before, 'deals'), await w.touches(after, 'deals')]).toEqual([null, 1]);
  });

  it('gets what was said on the browser of an address that its contact had then, however late that arrives', async () => {
    const w = await opened('once afterwards');
    const ann = w.hubspot.create('contacts', { lastname: 'Ann', email: 'ann@x.example' });
    const deal = w.hubspot.create('deals', {
      ...{ dealname: 'Deal', amount: '500', dealstage: 'appointmentscheduled', pipeline: 'default' },
      associations: [{ object: 'contacts', id: ann }],
    });
    const who = { email: 'ann@x.example' };
    const at = w.hub.hub.clock.now();
    w.chat(who);
    await w.night();
    w.hubspot.update('contacts', ann, { email: 'ann@new.example' });
    await w.night();
    w.hubspot.update('deals', deal, { dealstage: 'closedwon' });
    await w.night();
    await w.end();
    expect(await w.touches(deal, 'deals')).toBe(1);
    const visit = {
      sessionId: 'earlier',
      visitorId: visitorOf(who),
      landingPage: 'https://www.site.example/',
    };
    w.hub
      .emulator('chatbot')
      .records.create('event', { type: 'session.started', ...visit }, { at: at - 7_200_000 });
    await w.end();
    expect(await w.touches(deal, 'deals')).toBe(2);
  });
});

describe('what is said of a closed deal that changed', () => {
  const landed = (w: Awaited<ReturnType<typeof opened>>, record: VendorRecord) =>
    land(w.hub.hub, 'salesforce', [record]);

  it('names an admin’s word, which is about who is who and holds for closed deals, too', async () => {
    const w = await opened('every day');
    const ann = w.contact('Ann', 'ann@x.example');
    const { id } = w.opportunity(ann);
    const said = w.chat({ email: 'ann@x.example' });
    await w.night();
    w.win(id);
    await w.night();
    await w.end();
    expect(await w.touches(id)).toBe(1);
    const [chat, contact] = [`chatbot|event|${said}`, `salesforce|Contact|${ann}`];
    await decide(w.hub.hub, 'different', chat, contact);
    await w.end();
    expect(await w.touches(id)).toBeNull();
    await decide(w.hub.hub, 'same', chat, contact);
    await w.end();
    expect(await w.touches(id)).toBe(1);
    const text = (are: string) => new RegExp(`on 20.* an admin said that .*${ann}.* are ${are}`);
    const changes = await w.changes(id);
    expect(changes[1]).toMatch(text('the same person'));
    // The first word was replaced, and is not kept.
    expect(changes[0]).not.toMatch(/evidence|erased/);
  });

  it('tells that somebody was not tied to it at the close', async () => {
    const w = await opened('every day');
    const { id, role } = w.opportunity(w.contact('Ann', 'ann@x.example'));
    w.chat({ email: 'ann@x.example' });
    await w.night();
    const removedAt = w.hub.hub.clock.now();
    await w.night();
    w.win(id);
    await w.night();
    await w.end();
    expect(await w.touches(id)).toBe(1);
    const tombstone = { kind: 'deleted' } as const;
    await landed(w, {
      object: 'OpportunityContactRole',
      id: role,
      body: {},
      modifiedAt: removedAt,
      tombstone,
    });
    await w.hub.settle();
    expect(await w.touches(id)).toBeNull();
    expect(await w.changes(id)).toEqual([
      expect.stringMatching(/says that Ann was not tied to the deal at its close/),
    ]);
  });
});
