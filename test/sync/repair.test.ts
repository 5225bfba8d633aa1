/** Credit repairs itself when a touch disappears, people turn out to be one, a lead converts, or deals are joined. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreditLine } from '../../src/store/contract/credits.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { findDeal, found, openTestHub, type TestHub } from './hub.ts';
import { chat, emails, type Story, tellStory } from './story.ts';

let hub: TestHub;
let story: Story;

beforeEach(async () => {
  hub = await openTestHub();
  story = tellStory(hub.emulator, Math.floor(hub.hub.clock.now() / 1_000) * 1_000);
  await hub.quiet();
});
afterEach(async () => {
  await everythingAddsUp();
  await hub.close();
});

const salesforce = () => hub.emulator('salesforce').records;
const hubspot = () => hub.emulator('hubspot').records;

/** Of every deal under every model: shares to 1, money to the amount; and the CRM's records tell the same story. */
async function everythingAddsUp(): Promise<void> {
  const deals = (await hub.hub.store.entities.scan('Deal', null, 1_000)).filter((deal) => !deal.withdrawn);
  const touches = new Map<string, number>();
  for (const deal of deals) {
    const lines = await hub.hub.store.credits.ofDeal(deal.id);
    const { amount } = deal.fields;
    const minor = typeof amount === 'object' && amount !== null && 'minor' in amount ? amount.minor : 0;
    for (const [model, group] of Map.groupBy(lines, (line: CreditLine) => line.model)) {
      expect([deal.fields.name, model, sum(group.map(({ share }) => share))]).toEqual([
        deal.fields.name,
        model,
        expect.closeTo(1, 12),
      ]);
      expect(sum(group.map(({ amountMinor }) => amountMinor))).toBe(minor);
    }
    const id = opportunityOf(deal.members);
    if (id) touches.set(id, Number(deal.fields['chatCredit.touches'] ?? 0));
  }
  const told = Map.groupBy(salesforce().all('Chat_Touch__c'), (row) => String(row.Opportunity__c));
  for (const [id, count] of touches) expect([id, told.get(id)?.length ?? 0]).toEqual([id, count]);
  expect([...told.keys()].filter((id) => !touches.has(id))).toEqual([]);
}

function opportunityOf(members: readonly string[]): string | undefined {
  return members
    .find((member) => member.includes('|salesforce|Opportunity|'))
    ?.split('|')
    .at(-1);
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const shareOf = (id: string) => salesforce().get('Opportunity', id)?.Chat_Credit_Share__c;

describe('a chat', () => {
  it('that its visitor takes back takes its credit and its record along', async () => {
    expect(salesforce().count('Chat_Touch__c')).toBe(3);
    hub.emulator('chatbot').records.remove('event', 'ev_a1_0');
    await hub.quiet();
    expect(salesforce().count('Chat_Touch__c')).toBe(2);
    expect(salesforce().get('Opportunity', story.Opportunity.ada)?.Chat_Touches__c).toBe(1);
    expect(hubspot().get('deals', story.deals.ada)?.chat_touches).toBe('1');
  });

  it('whose record a person deleted in the CRM is told whole when its share moves', async () => {
    const rows = () =>
      salesforce()
        .all('Chat_Touch__c')
        .filter((row) => row.Opportunity__c === story.Opportunity.ada);
    const before = rows();
    const named = ({ Name, External_Id__c, Touched_At__c, Model__c }: JsonObject) => [
      Name,
      External_Id__c,
      Touched_At__c,
      Model__c,
    ];
    salesforce().remove('Chat_Touch__c', String(before[0]?.Id));
    salesforce().update('Opportunity', story.Opportunity.ada, { Amount: 77_777 });
    await hub.quiet();
    expect(rows().map(named).toSorted()).toEqual(before.map(named).toSorted());
    const money = rows().map(({ Amount__c }) => Number(Amount__c));
    expect(sum(money)).toBeCloseTo(
      Number(salesforce().get('Opportunity', story.Opportunity.ada)?.Chat_Credit_Amount__c),
      2,
    );
  });

  it('was the last one: the credit goes blank in both CRMs', async () => {
    hub.emulator('chatbot').records.remove('event', 'ev_d1_0');
    hub.emulator('chatbot').records.remove('event', 'ev_c1_0');
    await hub.quiet();
    expect(shareOf(story.Opportunity.dora)).toBeNull();
    expect(salesforce().get('Opportunity', story.Opportunity.dora)?.Chat_Credit_Reason__c).toBeNull();
    expect(hubspot().get('deals', story.deals.cleo)?.chat_credit_share ?? '').toBe('');
  });

  it('of somebody who is identified only later is credited then, back to the first visit', async () => {
    const at = story.now - 10 * 86_400_000;
    chat(hub.emulator, { who: 'ben', session: 'nameless', at, named: false });
    await hub.quiet();
    const role = { OpportunityId: story.Opportunity.dora, ContactId: benAsContact(), Role: 'Evaluator' };
    salesforce().create('OpportunityContactRole', role);
    await hub.quiet();
    expect(salesforce().get('Opportunity', story.Opportunity.dora)?.Chat_Touches__c).toBe(1);
    chat(hub.emulator, { who: 'ben', session: 'named', at: at + 3_600_000 });
    await hub.quiet();
    expect(salesforce().get('Opportunity', story.Opportunity.dora)?.Chat_Touches__c).toBe(3);
  });

  function benAsContact(): string {
    return salesforce().create('Contact', { LastName: 'Sommer', Email: emails.ben });
  }
});

describe('two people who turn out to be one', () => {
  it('by a merge in HubSpot: the chats of both count, each once', async () => {
    const other = hubspot().create('contacts', { email: 'cleo@home.example', lastname: 'Lenz' });
    hub.emulator('chatbot').records.create('event', {
      ...{ id: 'ev_home_0', type: 'session.started', sessionId: 'cs_home', visitorId: 'v_home' },
      at: new Date(story.now - 5 * 86_400_000).toISOString(),
    });
    hub.emulator('chatbot').records.create('event', {
      ...{ id: 'ev_home_1', type: 'identified', sessionId: 'cs_home', visitorId: 'v_home' },
      email: 'cleo@home.example',
      at: new Date(story.now - 5 * 86_400_000 + 5_000).toISOString(),
    });
    await hub.quiet();
    expect(hubspot().get('deals', story.deals.cleo)?.chat_touches).toBe('1');
    hubspot().merge?.('contacts', story.contacts.cleo, other);
    await hub.quiet();
    expect(hubspot().get('deals', story.deals.cleo)?.chat_touches).toBe('2');
    await hub.hub.clock.sleep(3_600_000);
    await hub.quiet();
    expect(hubspot().get('deals', story.deals.cleo)?.chat_touches).toBe('2');
  });

  it('by a merge in Salesforce: the chats of both count, each once', async () => {
    const at = story.now - 86_400_000;
    chat(hub.emulator, { who: 'doras-other-self', session: 'other', at });
    const email = 'doras-other-self@visitors.example';
    const loser = salesforce().create('Contact', { LastName: 'Herbst', Email: email });
    await hub.quiet();
    expect(salesforce().get('Opportunity', story.Opportunity.dora)?.Chat_Touches__c).toBe(1);
    salesforce().merge?.('Contact', story.Contact.dora, loser);
    await hub.quiet();
    expect(salesforce().get('Opportunity', story.Opportunity.dora)?.Chat_Touches__c).toBe(2);
    expect(
      salesforce()
        .all('Chat_Touch__c')
        .filter((row) => row.Opportunity__c === story.Opportunity.dora),
    ).toHaveLength(2);
  });
});

describe('a lead that converts', () => {
  it('brings its chats to the deal that came of it', async () => {
    chat(hub.emulator, { who: 'ben', session: 'lead', at: story.now - 7 * 86_400_000 });
    await hub.quiet();
    const made = salesforce().act?.('convert', 'Lead', story.Lead.ben);
    await hub.quiet();
    const opportunity = String(
      found(
        Object.entries(made ?? {}).find(([name]) => /opportunity/i.test(name)),
        'deal',
      )[1],
    );
    expect(shareOf(opportunity)).toBe(100);
    const ben = await hub.hub.store.entities.byKey('Person', [`email:${emails.ben}`]);
    const [person] = await hub.hub.store.entities.get(Object.values(ben));
    expect(person?.members.filter((member) => member.includes('|salesforce|'))).toHaveLength(2);
    // A converted lead is read-only at Salesforce: nothing may be parked for it.
    hubspot().update('contacts', story.contacts.ben, { phone: '+1 212 555 0166' });
    await hub.quiet();
    expect(await hub.hub.store.work.parked()).toEqual([]);
    const contact = salesforce()
      .all('Contact')
      .find((row) => row.Email === emails.ben);
    expect(contact?.Phone).toMatch(/0166/);
  });
});

describe('two deals that turn out to be one', () => {
  it('share one credit, and the touches of the deal that ended disappear', async () => {
    // The HubSpot deal is the elder one, so the joined deal goes by its name.
    const twin = hubspot().create(
      'deals',
      {
        dealname: 'Deal of dora at HubSpot',
        dealstage: 'appointmentscheduled',
        amount: '777.77',
        associations: [{ object: 'contacts', id: String(dorasContact().id) }],
      },
      { at: story.now - 36 * 86_400_000 },
    );
    hubspot().update('deals', twin, { amount: '777.77' });
    await hub.quiet();
    const before = found(await findDeal(hub, 'Opportunity', story.Opportunity.dora), 'deal');
    hubspot().update('deals', twin, { salesforce_opportunity_id: story.Opportunity.dora.slice(0, 15) });
    await hub.quiet();
    const joined = found(await findDeal(hub, 'Opportunity', story.Opportunity.dora), 'deal');
    expect(joined.members).toHaveLength(2);
    expect(joined.id).not.toBe(before.id);
    expect(
      salesforce()
        .all('Chat_Touch__c')
        .filter((row) => row.Opportunity__c === story.Opportunity.dora),
    ).toHaveLength(1);

    hubspot().update('deals', twin, { salesforce_opportunity_id: '' });
    await hub.quiet();
    expect(found(await findDeal(hub, 'Opportunity', story.Opportunity.dora), 'deal').id).toBe(before.id);
    expect(shareOf(story.Opportunity.dora)).toBe(100);
  });

  function dorasContact() {
    return found(
      hubspot()
        .all('contacts')
        .find(({ email }) => email === emails.dora),
      'contact',
    );
  }
});

describe('a deal that was tied to the wrong opportunity', () => {
  it('takes its touches along to the right one, though nothing else about them changes', async () => {
    // The HubSpot deal is the elder one, so the joined deal goes by its name, whomever it is joined with.
    const opportunity = (Name: string) =>
      salesforce().create('Opportunity', {
        ...{ Name, StageName: 'Prospecting', CloseDate: '2099-01-01', Amount: 2_500.5 },
      });
    const [wrong, right] = [opportunity('The wrong one'), opportunity('The right one')];
    hubspot().update('deals', story.deals.cleo, { salesforce_opportunity_id: wrong });
    await hub.quiet();
    expect(shareOf(wrong)).toBe(100);
    hubspot().update('deals', story.deals.cleo, { salesforce_opportunity_id: right });
    await hub.quiet();
    expect([shareOf(wrong), shareOf(right)]).toEqual([null, 100]);
    const shown = salesforce()
      .all('Chat_Touch__c')
      .filter(({ Opportunity__c }) => Opportunity__c === right);
    expect(shown).toHaveLength(1);
  });
});

describe('a deal that is deleted', () => {
  it('takes the evidence at Salesforce along, and comes back with it', async () => {
    salesforce().remove('Opportunity', story.Opportunity.dora);
    await hub.quiet();
    expect(await hub.hub.store.work.parked()).toEqual([]);
    const deal = await findDeal(hub, 'Opportunity', story.Opportunity.dora);
    expect(deal?.withdrawn).toBe(true);
    expect(await hub.hub.store.credits.ofDeal(found(deal, 'deal').id)).toEqual([]);
    salesforce().act?.('undelete', 'Opportunity', story.Opportunity.dora);
    salesforce().act?.('undelete', 'OpportunityContactRole', story.OpportunityContactRole.dora);
    await hub.quiet();
    expect(shareOf(story.Opportunity.dora)).toBe(100);
  });
});
