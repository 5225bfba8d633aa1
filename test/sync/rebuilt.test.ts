/** A hub that is rebuilt from an empty store credits every deal as the one that watched it all. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/support/json.ts';
import { attached, openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
let watching: TestHub;
let rebuilt: TestHub;

interface Seen {
  readonly closed: unknown;
  readonly credit: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

beforeAll(async () => {
  watching = await openTestHub();
  await watch(watching);
  rebuilt = await openTestHub({ attach: attached(watching), clock: watching.hub.clock });
  await rebuilt.quiet();
});
afterAll(async () => {
  await rebuilt.close();
  await watching.close();
});

/** Three weeks at a time, each seen by the hub before the next one begins. */
async function watch(hub: TestHub): Promise<void> {
  const [salesforce, hubspot, chatbot] = ['salesforce', 'hubspot', 'chatbot'].map(
    (system) => hub.emulator(system).records,
  );
  if (!salesforce || !hubspot || !chatbot) throw new Error('an emulator is missing');
  const chat = (sessionId: string, who: JsonObject) => {
    const say = (type: string, more: JsonObject) =>
      chatbot.create('event', { type, sessionId, visitorId: `pc-${String(who.email)}`, ...more });
    say('session.started', { landingPage: 'https://www.site.example/?utm_source=news&utm_medium=email' });
    say('identified', who);
  };
  const later = async () => {
    await hub.sync();
    await hub.hub.clock.sleep(21 * day);
  };
  const date = (days: number) => new Date(hub.hub.clock.now() + days * day).toISOString().slice(0, 10);

  chat('early', { email: 'ann@x.example' });
  await later();
  const ann = salesforce.create('Contact', { LastName: 'Ann', Email: 'ann@x.example' });
  const bob = hubspot.create('contacts', { lastname: 'Bob', email: 'bob@y.example' });
  const opportunity = (Name: string) => {
    const id = salesforce.create('Opportunity', {
      ...{ Name, Amount: 1000, StageName: 'Prospecting', CloseDate: date(200) },
    });
    salesforce.create('OpportunityContactRole', { OpportunityId: id, ContactId: ann });
    return id;
  };
  const first = opportunity('First');
  const deal = hubspot.create('deals', {
    ...{ dealname: 'Third', amount: '500', dealstage: 'appointmentscheduled', pipeline: 'default' },
    associations: [{ object: 'contacts', id: bob }],
  });
  await later();
  chat('middle', { email: 'ann@x.example' });
  chat('other', { email: 'bob@y.example' });
  salesforce.create('Event', {
    ...{ WhoId: ann, Subject: 'Talk', DurationInMinutes: 30 },
    StartDateTime: new Date(hub.hub.clock.now()).toISOString(),
  });
  await later();
  const second = opportunity('Second');
  // Stays open, and loses touches to those that are closed.
  opportunity('Fourth');
  salesforce.update('Opportunity', first, { StageName: 'Closed Won', CloseDate: date(0), Amount: 1500 });
  hubspot.update('deals', deal, { dealstage: 'closedwon', amount: '700' });
  await later();
  chat('late', { email: 'ann@x.example' });
  chat('late other', { email: 'bob@y.example' });
  salesforce.update('Opportunity', first, { CloseDate: date(-100), StageName: 'Closed Lost' });
  hubspot.update('deals', deal, { closedate: new Date(hub.hub.clock.now()).toISOString() });
  await later();
  salesforce.update('Opportunity', first, { StageName: 'Closed Won', Amount: 1600 });
  salesforce.update('Opportunity', second, { StageName: 'Closed Won', CloseDate: date(0) });
  await later();
  salesforce.update('Opportunity', second, { StageName: 'Negotiation/Review' });
  chat('again', { email: 'ann@x.example' });
  await later();
  salesforce.update('Opportunity', second, { StageName: 'Closed Won' });
  await hub.quiet();
}

/** By record. */
async function seen({ hub }: TestHub): Promise<Record<string, Seen>> {
  const deals = await hub.store.entities.scan('Deal', null, 100);
  const told = deals.map(async ({ id, members, fields }): Promise<[string, Seen]> => {
    const credit = Object.entries(fields).filter(
      ([name]) => name.startsWith('chatCredit.') && name !== 'chatCredit.computedAt',
    );
    const lines = (await hub.store.credits.ofDeal(id)).map(
      ({ model, touch, time, share, amountMinor }) => `${model} ${touch} ${time} ${share} ${amountMinor}`,
    );
    return [members.join(), { closed: fields.closedAt ?? null, credit: Object.fromEntries(credit), lines }];
  });
  return Object.fromEntries(await Promise.all(told));
}

describe('a rebuilt hub', () => {
  it('gives every deal the same close, credit and touches', async () => {
    const [before, after] = [await seen(watching), await seen(rebuilt)];
    expect(Object.keys(before)).toHaveLength(4);
    expect(Object.values(before).filter(({ lines }) => lines.length > 0)).toHaveLength(3);
    expect(after).toEqual(before);
  });
});
