/** A deal of two CRMs tells one number in both: where one asks before it is told another, the other asks with it. */
import { afterEach, expect, it } from 'vitest';
import { asksWith } from '../../src/sync/push/gates/asked-together.ts';
import { allowHeld, asksFirstCode, togetherCode } from '../../src/sync/push/gates/safety.ts';
import { planWrites } from '../../src/sync/push/plan/reconcile.ts';
import { markAdminChanges, walk } from '../../src/sync/road.ts';
import { attached, dataDirectory, openTestHub, type TestHub } from './hub.ts';

const day = 86_400_000;
const deals = 6;
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function opened(creditModel: string, data: string, attach?: TestHub): Promise<TestHub> {
  const attribution = { models: ['last', 'linear'], creditModel };
  const safety = attach ? { maxShare: 0.25, minRecords: 5 } : {};
  const more = attach ? { attach: attached(attach), clock: attach.hub.clock } : {};
  const hub = await openTestHub({ data, ...more, settings: { safety, attribution } });
  closing.push(() => hub.close());
  return hub;
}

/** Six opportunities, each with two chats and a fair between them; the first two are in HubSpot, which has one more. */
function tell(hub: TestHub): void {
  const at = Math.floor(hub.hub.clock.now() / 1_000) * 1_000 - 20 * day;
  const salesforce = hub.emulator('salesforce').records;
  const hubspot = hub.emulator('hubspot').records;
  const CampaignId = salesforce.create('Campaign', { Name: 'Fair' }, { at });
  for (let number = 0; number <= deals; number += 1) {
    const [name, email] = [`customer${number}`, `customer${number}@visitors.example`];
    for (const before of [5, 3]) {
      const common = { sessionId: `${before} of ${name}`, visitorId: name };
      const when = { at: at - before * day };
      hub.emulator('chatbot').records.create('event', { type: 'session.started', ...common }, when);
      hub.emulator('chatbot').records.create('event', { type: 'identified', email, ...common }, when);
    }
    const ContactId = salesforce.create('Contact', { LastName: name, Email: email }, { at });
    const FirstRespondedDate = new Date(at - 4 * day).toISOString().slice(0, 10);
    const member = { CampaignId, ContactId, Status: 'Responded', FirstRespondedDate };
    salesforce.create('CampaignMember', member, { at: at - 4 * day });
    const deal = { dealname: name, dealstage: 'appointmentscheduled', amount: '100' };
    let more = {};
    if (number < deals) {
      const fields = { Name: name, StageName: 'Prospecting', CloseDate: '2099-01-01', Amount: 100 };
      const OpportunityId = salesforce.create('Opportunity', fields, { at });
      salesforce.create('OpportunityContactRole', { OpportunityId, ContactId }, { at });
      more = { salesforce_opportunity_id: OpportunityId };
    }
    if (number >= 2 && number < deals) continue;
    const person = hubspot.create('contacts', { email, lastname: name }, { at });
    hubspot.create('deals', { ...deal, ...more, associations: [{ object: 'contacts', id: person }] }, { at });
  }
}

it('waits in both, goes in both, and a deal of one alone goes by itself', async () => {
  const data = dataDirectory();
  closing.push(data.remove);
  const first = await opened('linear', data.path);
  tell(first);
  await first.quiet();
  const shares = () => ({
    salesforce: first
      .emulator('salesforce')
      .records.all('Opportunity')
      .map((row) => row.Chat_Credit_Share__c),
    hubspot: first
      .emulator('hubspot')
      .records.all('deals')
      .map((row) => Number(row.chat_credit_share)),
  });
  const before = shares();
  expect(before.salesforce).toEqual(Array(deals).fill(66.67));
  expect(before.hubspot).toHaveLength(3);

  const hub = await opened('last', data.path, first);
  await markAdminChanges(hub.hub);
  await walk(hub.hub, { push: false });
  const planned = async () => {
    const all = await hub.hub.store.entities.scan('Deal', null, 100);
    const { writes } = await planWrites(hub.hub, hub.system('hubspot'), all);
    return [writes.length, [...(await asksWith(hub.hub, hub.system('hubspot'), writes, all)).values()]];
  };
  expect(await planned()).toEqual([3, ['salesforce', 'salesforce']]);
  await walk(hub.hub);
  await hub.settle();
  expect(await planned()).toEqual([2, ['salesforce', 'salesforce']]);
  const codes = async (prefix: string) =>
    (await hub.hub.store.work.parked({ stage: 'push', prefix })).map(({ reason }) => reason.code);
  expect(await codes('salesforce|Deal|')).toEqual(Array(deals).fill(asksFirstCode));
  expect(await codes('hubspot|Deal|')).toEqual([togetherCode, togetherCode]);
  expect(shares().salesforce).toEqual(before.salesforce);
  expect(shares().hubspot.slice(0, 2)).toEqual(before.hubspot.slice(0, 2));
  expect(shares().hubspot[2]).not.toBe(before.hubspot[2]);

  await allowHeld(hub.hub);
  await walk(hub.hub, { yes: true });
  await hub.settle();
  expect(await hub.hub.store.work.parked()).toEqual([]);
  expect(shares().salesforce).toEqual(Array(deals).fill(100));
  expect(new Set(shares().hubspot).size).toBe(1);
});
