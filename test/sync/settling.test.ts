/** A deal of very many touches: chats that follow each other are credited together, and to the same as one by one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Clock } from '../../src/support/clock.ts';
import { markForAttribute } from '../../src/sync/marking.ts';
import { walk } from '../../src/sync/road.ts';
import { restMs } from '../../src/sync/settling.ts';
import { openTestHub, type TestHub } from './hub.ts';

const [day, hour] = [86_400_000, 3_600_000];
const chats = 230;
const start = Date.UTC(2026, 4, 4);

let time = start + 40 * day;
/** Stands still but for whom it is waited. */
const clock: Clock = {
  now: () => time,
  sleep: async (ms) => {
    time += ms;
  },
};
let hub: TestHub;
let opportunity: string;
let deal: string;
let n = 0;

function chat(): void {
  const where = { sessionId: `s${n}`, visitorId: 'v', userId: 'u' };
  const at = start + n * 2 * hour;
  const say = (type: string, more: object, after: number) =>
    hub.emulator('chatbot').records.create('event', { type, ...where, ...more }, { at: at + after });
  say('session.started', { landingPage: 'https://www.site.example/' }, 0);
  say('identified', { email: 'heavy@x.example', name: 'Hedda Heavy' }, 2_000);
  n += 1;
}

async function touchesShown(): Promise<unknown> {
  await walk(hub.hub, { push: false });
  const [entity] = await hub.hub.store.entities.get([deal]);
  return entity?.fields['chatCredit.touches'];
}

/** Pulled and worked on, as far as it is due. */
async function shownAfter(news: () => void): Promise<unknown> {
  news();
  await hub.sync();
  return touchesShown();
}

beforeAll(async () => {
  hub = await openTestHub({ systems: ['salesforce', 'chatbot'], clock });
  const { records } = hub.emulator('salesforce');
  const contact = records.create('Contact', { LastName: 'Heavy', Email: 'heavy@x.example' }, { at: start });
  const open = { Name: 'Deal', StageName: 'Prospecting', Amount: 1_000, CloseDate: '2099-12-31' };
  opportunity = records.create('Opportunity', open, { at: start });
  const role = { OpportunityId: opportunity, ContactId: contact };
  records.create('OpportunityContactRole', role, { at: start });
  while (n < chats) chat();
  await hub.quiet();
  const ids = await hub.hub.store.entities.byKey('Deal', [`id:salesforce:Opportunity:${opportunity}`]);
  deal = Object.values(ids)[0] ?? '';
});

afterAll(async () => {
  await hub?.close();
});

describe('chats on a deal of very many touches', () => {
  it('are credited at once when the deal has been at rest, then together, then as when all is computed again', async () => {
    time += hour;
    expect(await shownAfter(chat)).toBe(chats + 1);
    expect([await shownAfter(chat), await shownAfter(chat)]).toEqual([chats + 1, chats + 1]);
    const due = await hub.hub.store.work.nextDueAt();
    expect(due).toBeGreaterThan(time);
    expect(due).toBeLessThanOrEqual(time + restMs(chats + 3));
    const before = (await hub.hub.store.credits.computations(deal)).length;
    time += restMs(chats + 3);
    expect(await touchesShown()).toBe(chats + 3);
    expect((await hub.hub.store.credits.computations(deal)).length).toBe(before + 1);
    const together = await hub.hub.store.credits.ofDeal(deal);
    await markForAttribute(hub.hub);
    await touchesShown();
    expect(await hub.hub.store.credits.ofDeal(deal)).toEqual(together);
  });

  it('do not hold up what else changes on the deal', async () => {
    time += hour;
    expect(await shownAfter(chat)).toBe(chats + 4);
    expect(await shownAfter(chat)).toBe(chats + 4);
    const richer = () =>
      hub.emulator('salesforce').records.update('Opportunity', opportunity, { Amount: 2_000 });
    expect(await shownAfter(richer)).toBe(chats + 5);
  });

  it('have rows in the CRM that are few and sum to the amount', async () => {
    time += hour;
    await hub.quiet();
    const rows = hub.emulator('salesforce').records.all('Chat_Touch__c');
    expect(rows.length).toBe(chats + 5 - 100 + 1);
    expect(rows.filter(({ Name }) => Name === '100 earlier chats')).toHaveLength(1);
    const cents = rows.reduce((sum, { Amount__c }) => sum + Math.round(Number(Amount__c) * 100), 0);
    expect(cents).toBe(200_000);
  });
});

it('rests the longer the more touches there are, and not at all with few', () => {
  expect([0, 200, 201, 1_000, 1_500, 100_000].map(restMs)).toEqual([0, 0, 2_010, 10_000, 15_000, 15_000]);
});
