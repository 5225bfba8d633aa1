/** A deal's credit is computed again when the time has passed on which it depends, and no other deal's is. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { explainDeal } from '../../src/reports/explain.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { walk } from '../../src/sync/road.ts';
import { findDeal, found, openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
let hub: TestHub;
let start: number;
let deal: string;

beforeAll(async () => {
  hub = await openTestHub({
    systems: ['salesforce', 'chatbot'],
    settings: { attribution: { window: 'end', lookbackDays: 30, models: ['linear'], creditModel: 'linear' } },
  });
  start = hub.hub.clock.now();
  const { records } = hub.emulator('salesforce');
  const at = start - 40 * day;
  const ContactId = records.create('Contact', { LastName: 'Ann', Email: 'ann@x.example' }, { at });
  const fields = { Name: 'Deal', Amount: 1200, StageName: 'Prospecting', CloseDate: '2099-12-31' };
  deal = records.create('Opportunity', fields, { at });
  records.create('OpportunityContactRole', { OpportunityId: deal, ContactId }, { at });
  const meeting = (onDay: number) =>
    records.create(
      'Event',
      {
        ...{ WhoId: ContactId, Subject: 'Talk', DurationInMinutes: 30 },
        StartDateTime: new Date(start + onDay * day).toISOString(),
      },
      { at },
    );
  meeting(-25);
  meeting(10);
  const say = (type: string, more: JsonObject) =>
    hub
      .emulator('chatbot')
      .records.create('event', { type, sessionId: 's', visitorId: 'pc', ...more }, { at: start - 15 * day });
  say('session.started', { landingPage: 'https://www.site.example/' });
  say('identified', { email: 'ann@x.example' });
  await hub.quiet();
});
afterAll(() => hub.close());

/** What the hub holds, what the CRM shows, what `deal` tells: one number. */
async function share(): Promise<number | null> {
  const entity = found(await findDeal(hub, 'Opportunity', deal), 'deal');
  const explained = found((await explainDeal(hub.hub, entity.id)) ?? undefined, 'explanation');
  const shown = hub.emulator('salesforce').records.get('Opportunity', deal)?.Chat_Credit_Share__c;
  const held = entity.fields['chatCredit.share'];
  expect(explained.credit.share).toBe(held);
  expect(shown ?? null).toBe(typeof held === 'number' ? Number((held * 100).toFixed(2)) : null);
  return typeof held === 'number' ? held : null;
}

async function onDay(number: number): Promise<number> {
  await hub.hub.clock.sleep(start + number * day - hub.hub.clock.now());
  return (await walk(hub.hub)).attributed;
}

it('is that of the touches up to now, until the time has passed', async () => {
  expect(await share()).toBe(0.5);
  expect(await onDay(4)).toBe(0);
  expect(await share()).toBe(0.5);
});

it('loses a touch that falls out of a window that moves', async () => {
  expect(await onDay(6)).toBe(1);
  expect(await share()).toBe(1);
});

it('gains a meeting when it takes place', async () => {
  expect(await onDay(9.9)).toBe(0);
  expect(await onDay(10.1)).toBe(1);
  expect(await share()).toBe(0.5);
});

it('ends when nothing is left in the window', async () => {
  expect(await onDay(16)).toBe(1);
  expect(await share()).toBeNull();
  expect(await onDay(300)).toBe(1);
  expect(await onDay(301)).toBe(0);
});
