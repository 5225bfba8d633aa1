/** Whose money it is: each record its own amount and currency, and nothing where an amount is not known. */
import { afterEach, describe, expect, it } from 'vitest';
import { explainDeal } from '../../src/reports/explain.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { ownCurrency } from '../../src/sync/pull/own-currency.ts';
import { findDeal, openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

const day = 86_400_000;
let hub: TestHub;
let serial = 0;

afterEach(() => hub.close());

async function open(options: TestHubOptions = {}): Promise<void> {
  hub = await openTestHub(options);
}

const records = (system: string) => hub.emulator(system).records;
const then = () => hub.hub.clock.now() - 40 * day;

function make(system: string, object: string, fields: JsonObject): string {
  return records(system).create(object, fields, { at: then() });
}

function opportunity(fields: JsonObject, email = 'ada@a.example'): string {
  const contact = make('salesforce', 'Contact', { LastName: 'Winter', Email: email });
  const base = { Name: 'Deal', StageName: 'Prospecting', Amount: 1000, CloseDate: '2099-12-31' };
  const id = make('salesforce', 'Opportunity', { ...base, ...fields });
  make('salesforce', 'OpportunityContactRole', { OpportunityId: id, ContactId: contact, IsPrimary: true });
  return id;
}

/** Somebody chats `sessions` times. */
function chat(sessions = 1, email = 'ada@a.example'): void {
  for (let session = 0; session < sessions; session += 1) {
    const at = then() + (session + 1) * day;
    const event = (fields: JsonObject, late: number) => {
      serial += 1;
      const said = { id: `e${serial}`, sessionId: `s${session}`, visitorId: 'v1', ...fields };
      records('chatbot').create('event', said, { at: at + late });
    };
    event({ type: 'session.started' }, 0);
    event({ type: 'identified', email }, 1_000);
    event({ type: 'session.ended' }, 2_000);
  }
}

function call(contact: string, at: number): void {
  const done = { Subject: 'Call', TaskSubtype: 'Call', Status: 'Completed', WhoId: contact };
  make('salesforce', 'Task', { ...done, ActivityDate: new Date(at).toISOString().slice(0, 10) });
}

const opp = (id: string) => records('salesforce').get('Opportunity', id) ?? {};
const rows = () =>
  records('salesforce')
    .all('Chat_Touch__c')
    .map((row) => [row.Amount__c ?? null, row.CurrencyIsoCode ?? null]);

describe('evidence rows', () => {
  it('are in the currency of their opportunity, never more than its amount, and follow it', async () => {
    await open({ systems: ['salesforce', 'chatbot'] });
    const id = opportunity({ Amount: 1_500_000.5, CurrencyIsoCode: 'JPY' });
    chat();
    await hub.quiet();
    expect(rows()).toEqual([[1_500_000, 'JPY']]);

    records('salesforce').update('Opportunity', id, { CurrencyIsoCode: 'EUR' });
    await hub.quiet();
    expect(rows()).toEqual([[1_500_000.5, 'EUR']]);
    expect(opp(id)).toMatchObject({ Chat_Credit_Amount__c: 1_500_000.5, CurrencyIsoCode: 'EUR' });
  });

  it('name no currency in an org with a single one', async () => {
    await open({
      systems: ['salesforce', 'chatbot'],
      knobs: { salesforce: { multiCurrency: false, currency: 'GBP' } },
    });
    const id = opportunity({});
    chat();
    await hub.quiet();
    expect(rows()).toEqual([[1000, null]]);
    expect((await findDeal(hub, 'Opportunity', id))?.fields.amount).toEqual({
      minor: 100_000,
      currency: 'GBP',
    });
    expect(await hub.hub.store.work.parked()).toEqual([]);
  });
});

describe('one deal in two currencies', () => {
  it('is told its share of its own amount in each CRM', async () => {
    await open({ settings: { attribution: { models: ['position'], creditModel: 'position' } } });
    const id = opportunity({ Amount: 1000.5, CurrencyIsoCode: 'EUR' });
    const contact = records('salesforce').all('Contact')[0]?.Id;
    call(String(contact), then() + 5 * day);
    call(String(contact), then() + 6 * day);
    const twin = make('hubspot', 'deals', {
      dealname: 'Deal',
      dealstage: 'appointmentscheduled',
      amount: '1200',
      deal_currency_code: 'USD',
      salesforce_opportunity_id: id,
    });
    chat();
    await hub.quiet();
    const share = Number(opp(id).Chat_Credit_Share__c) / 100;
    expect(share).toBe(0.4);
    expect(opp(id).Chat_Credit_Amount__c).toBe(400.2);
    expect(records('hubspot').get('deals', twin)).toMatchObject({ chat_credit_amount: '480.00' });
    expect(rows()).toEqual([[400.2, 'EUR']]);

    records('hubspot').update('deals', twin, { amount: '2000' });
    await hub.quiet();
    expect(opp(id).Chat_Credit_Amount__c).toBe(400.2);
    expect(records('hubspot').get('deals', twin)).toMatchObject({ chat_credit_amount: '800.00' });
    const explained = await explainDeal(hub.hub, twin);
    expect(Object.values(explained?.credit.amounts ?? {})).toHaveLength(1);
  });

  it('has no amount where its record has none, whatever its twin has', async () => {
    await open();
    const id = opportunity({ Amount: null });
    const twin = make('hubspot', 'deals', {
      ...{ dealname: 'Deal', dealstage: 'appointmentscheduled', amount: '500' },
      salesforce_opportunity_id: id,
    });
    chat();
    await hub.quiet();
    expect(opp(id).Chat_Credit_Share__c).toBe(100);
    expect(opp(id).Chat_Credit_Amount__c ?? null).toBeNull();
    expect(opp(id).Chat_Credit_Reason__c).toContain('Of what amount is not known.');
    expect(rows()).toEqual([[null, expect.anything()]]);
    const told = records('hubspot').get('deals', twin);
    expect(told).toMatchObject({ chat_credit_amount: '500.00' });
    expect(told?.chat_credit_reason).not.toContain('not known');
  });
});

describe('an amount', () => {
  it.each([
    ['that is blank', { Amount: null }, null],
    ['of nothing', { Amount: 0 }, 0],
  ])('%s', async (_, fields, credit) => {
    await open({ systems: ['salesforce', 'chatbot'] });
    const id = opportunity(fields);
    chat();
    await hub.quiet();
    expect([opp(id).Chat_Credit_Share__c, opp(id).Chat_Credit_Amount__c ?? null]).toEqual([100, credit]);
  });
});

describe("the account's own currency", () => {
  it('counts before what the hub is told', async () => {
    await open({
      systems: ['hubspot', 'chatbot'],
      knobs: { hubspot: { currency: 'JPY' } },
      settings: { defaultCurrency: 'USD' },
    });
    const id = make('hubspot', 'deals', { dealname: 'D', dealstage: 'appointmentscheduled', amount: '1200' });
    await hub.quiet();
    expect((await findDeal(hub, 'deals', id))?.fields.amount).toEqual({ minor: 1200, currency: 'JPY' });
    expect(await ownCurrency(hub.hub.store, 'hubspot')).toEqual({ code: 'JPY', several: true });
  });

  it('is asked once a day, and what it changes is read again without a call', async () => {
    await open({ systems: ['hubspot', 'chatbot'] });
    await hub.quiet();
    const asked = () =>
      hub.emulator('hubspot').requests.entries.filter(({ path }) => path.includes('account-info')).length;
    expect(asked()).toBe(1);
    await hub.quiet();
    expect(asked()).toBe(1);
  });
});
