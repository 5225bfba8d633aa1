/** The hard cases of the seeded world, each looked up in the CRMs and in the canonical state. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entity, EntityKind } from '../../src/canonical/model.ts';
import {
  buildWorld,
  type HardCaseFacts,
  type HardCaseName,
  hardCaseNames,
  hardCases,
} from '../../src/emulator/build.ts';
import { worldSalesforceId } from '../../src/emulator/ids.ts';
import type { WorldDeal, WorldPerson } from '../../src/emulator/world.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { found, openTestHub, type TestHub } from './hub.ts';

const cases = hardCases(buildWorld());
let hub: TestHub;
let deals: readonly Entity[];
let people: readonly Entity[];

beforeAll(async () => {
  hub = await openTestHub({ world: 'demo' });
  await hub.quiet();
  deals = await all('Deal');
  people = await all('Person');
});
afterAll(() => hub.close());

const all = (kind: EntityKind) => hub.hub.store.entities.scan(kind, null, 10_000);
const salesforce = (object: string) => hub.emulator('salesforce').records.all(object);
const hubspot = (object: string) => hub.emulator('hubspot').records.all(object);
const byEmail = (rows: readonly JsonObject[], name: string, email: string | null | undefined) =>
  rows.filter((row) => String(row[name] ?? '').toLowerCase() === email?.toLowerCase());

/** The live entities that have this person's address. */
function entitiesOf(person: WorldPerson | undefined): Entity[] {
  const email = person?.email?.toLowerCase();
  return people.filter(({ fields, withdrawn }) => !withdrawn && fields.email === email);
}
const entityOf = (person: WorldPerson | undefined) => found(entitiesOf(person)[0], `person ${person?.key}`);
const contactsAt = (person: WorldPerson | undefined) =>
  byEmail(salesforce('Contact'), 'Email', person?.email);
const leadsAt = (person: WorldPerson | undefined) => byEmail(salesforce('Lead'), 'Email', person?.email);
const hubspotAt = (person: WorldPerson | undefined) => byEmail(hubspot('contacts'), 'email', person?.email);
const digits = (phone: unknown) => String(phone ?? '').replace(/\D/g, '');

const opportunityId = ({ key }: WorldDeal) => worldSalesforceId('006', key);
const opportunity = (deal: WorldDeal | undefined) =>
  salesforce('Opportunity').find((row) => deal && row.Id === opportunityId(deal));

/** Deals by the name and the amount that the world gives them. */
function dealsOf(deal: WorldDeal | undefined): Entity[] {
  return deals.filter(
    ({ fields, withdrawn }) =>
      !withdrawn &&
      fields.name === deal?.name &&
      minorOf(fields.amount) === deal?.amountMinor &&
      isCreated(fields.createdAt, deal.createdAt),
  );
}
const isCreated = (at: unknown, told: number) => typeof at === 'number' && Math.abs(at - told) < 1_000;
const dealOf = (deal: WorldDeal | undefined) => found(dealsOf(deal)[0], `deal ${deal?.key}`);

function minorOf(amount: unknown): number | null {
  return typeof amount === 'object' && amount !== null && 'minor' in amount ? Number(amount.minor) : null;
}
const shareOf = (deal: Entity) => deal.fields['chatCredit.share'] ?? null;

const proofs: Readonly<Record<HardCaseName, (facts: HardCaseFacts) => void | Promise<void>>> = {
  'conflict, Salesforce later': ({ people: [person] }) => samePhone(person, person?.told?.salesforce?.phone),
  'conflict, HubSpot later': ({ people: [person] }) => {
    samePhone(person, person?.told?.hubspot?.phone);
    expect(entityOf(person).fields.title).toBe('Einkauf');
    expect(hubspotAt(person)[0]?.jobtitle).toBe('Einkauf');
  },
  'blank in one system': ({ people: [one, other] }) => {
    expect([contactsAt(one)[0]?.Title, hubspotAt(one)[0]?.jobtitle]).toEqual([
      'Plant Manager',
      'Plant Manager',
    ]);
    expect([contactsAt(other)[0]?.Title, hubspotAt(other)[0]?.jobtitle]).toEqual([
      'Werksleiter',
      'Werksleiter',
    ]);
    for (const person of [one, other]) samePhone(person, person?.phone);
  },
  'merged in Salesforce': (facts) => mergedCredit(facts),
  'merged in HubSpot': (facts) => mergedCredit(facts),
  'deleted in Salesforce': ({ people: [gone] }) => {
    expect(entitiesOf(gone)).toEqual([]);
    expect([...leadsAt(gone), ...hubspotAt(gone)]).toEqual([]);
  },
  'deleted in HubSpot': ({ people: [gone] }) => {
    expect(entityOf(gone).withdrawn).toBe(false);
    expect(contactsAt(gone)).toHaveLength(1);
    expect(hubspotAt(gone)).toEqual([]);
  },
  'equal timestamps': ({ people: guests }) => {
    for (const guest of guests) {
      expect(entitiesOf(guest)).toHaveLength(1);
      expect([leadsAt(guest).length, hubspotAt(guest).length]).toEqual([1, 1]);
    }
  },
  'duplicates in Salesforce': ({ people: [person] }) => {
    expect([contactsAt(person).length, leadsAt(person).length]).toEqual([2, 1]);
    expect(entitiesOf(person)).toHaveLength(1);
    expect(entityOf(person).members.filter((member) => member.includes('|salesforce|'))).toHaveLength(3);
  },
  'mixed-case e-mail': ({ people: [mixed] }) => {
    expect(entitiesOf(mixed)).toHaveLength(1);
    const from = entityOf(mixed).members.map((member) => member.split('|')[1]);
    expect(new Set(from)).toEqual(new Set(['salesforce', 'hubspot', 'chatbot']));
    expect(contactsAt(mixed)[0]?.Email).toBe('Barnaby.Merrowby@Larkmere.Example');
  },
  namesakes: ({ people: [one, other] }) => {
    expect(entityOf(one).id).not.toBe(entityOf(other).id);
  },
  'without e-mail': ({ people: [person] }) => {
    const same = people.filter(({ fields }) => digits(fields.phone) === digits(person?.phone));
    expect(same.map(({ fields }) => fields.lastName)).toEqual([person?.lastName]);
    expect(hubspot('contacts').filter((row) => digits(row.phone) === digits(person?.phone))).toEqual([]);
  },
  'names in other scripts': ({ people: named, deals: [chinese, accents] }) => {
    for (const person of named) {
      const { firstName, lastName } = person;
      expect(entityOf(person).fields).toMatchObject({ firstName, lastName });
      expect(contactsAt(person)[0]).toMatchObject({ FirstName: firstName, LastName: lastName });
      expect(hubspotAt(person)[0]).toMatchObject({ firstname: firstName, lastname: lastName });
    }
    for (const deal of [chinese, accents]) expect(shareOf(dealOf(deal))).toBeGreaterThan(0);
  },
  'anonymous, then identified': ({ deals: [deal] }) => {
    expect(dealOf(deal).fields['chatCredit.touches']).toBe(4);
    expect(dealOf(deal).fields['chatCredit.role']).toBe('sourced');
  },
  'shared device': ({ people: [one, two], deals: [first, second] }) => {
    expect(entityOf(one).id).not.toBe(entityOf(two).id);
    const touches = [first, second].map((deal) => Number(dealOf(deal).fields['chatCredit.touches'] ?? 0));
    // The nameless session could be either's; it must not count for both.
    expect(touches.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(3);
    expect(Math.min(...touches)).toBeGreaterThanOrEqual(0);
  },
  'lead converted after a chat': ({ people: [lead], deals: [deal] }) => {
    expect(entitiesOf(lead)).toHaveLength(1);
    const members = entityOf(lead).members.join(' ');
    expect(members).toContain('|salesforce|Lead|');
    expect(members).toContain('|salesforce|Contact|');
    expect(dealOf(deal).fields['chatCredit.touches']).toBe(2);
    expect(opportunity(deal)?.Chat_Touches__c).toBe(2);
  },
  'known from chat alone': ({ people: visitors }) => {
    for (const visitor of visitors) {
      const entity = entityOf(visitor);
      expect(leadsAt(visitor)).toMatchObject([{ Hub_Id__c: entity.id, LeadSource: 'Chat' }]);
      expect(hubspotAt(visitor)).toMatchObject([{ hub_id: entity.id, lastname: visitor.lastName }]);
      expect(contactsAt(visitor)).toEqual([]);
    }
  },
  'several contacts': ({ deals: [deal] }) => {
    expect(dealOf(deal).fields['chatCredit.touches']).toBe(3);
    expect(opportunity(deal)?.Amount).toBe(96_000.01);
  },
  'zero-decimal currency': async ({ deals: yen }) => {
    for (const deal of yen) {
      const entity = dealOf(deal);
      expect(entity.fields.amount).toEqual({ minor: deal.amountMinor, currency: 'JPY' });
      const lines = await hub.hub.store.credits.ofDeal(entity.id);
      for (const [, group] of Map.groupBy(lines, (line) => line.model)) {
        expect(group.reduce((sum, line) => sum + line.amountMinor, 0)).toBe(deal.amountMinor);
      }
    }
    const [first] = yen;
    const row = opportunity(first);
    expect(row?.Amount).toBe(4_850_001);
    expect(Number.isInteger(row?.Chat_Credit_Amount__c)).toBe(true);
    expect(row?.Chat_Credit_Amount__c).toBe(minorOf(dealOf(first).fields['chatCredit.amount']));
    const twin = hubspot('deals').find(
      (one) => one.dealname === first?.name && Number(one.amount) === 4_850_001,
    );
    expect(Number(twin?.chat_credit_amount)).toBe(row?.Chat_Credit_Amount__c);
  },
  'without any chat': ({ deals: [deal] }) => noCredit(deal),
  'chat after it closed': ({ deals: [deal] }) => noCredit(deal),
  'chat before the lookback window': ({ deals: [deal] }) => noCredit(deal),
  'amount zero': ({ deals: [deal] }) => {
    expect(dealOf(deal).fields).toMatchObject({
      'chatCredit.share': expect.any(Number),
      'chatCredit.amount': { minor: 0, currency: 'EUR' },
    });
    expect(opportunity(deal)?.Chat_Credit_Amount__c).toBe(0);
  },
  'likely the same deal': ({ deals: [deal] }) => {
    expect(dealsOf(deal)).toHaveLength(2);
    for (const each of dealsOf(deal)) expect(shareOf(each)).toBeGreaterThan(0);
  },
  'deleted deals': ({ deals: [atSalesforce, atHubSpot] }) => {
    expect(opportunity(atSalesforce)).toBeUndefined();
    for (const deal of [atSalesforce, atHubSpot]) expect(dealsOf(deal)).toEqual([]);
    const touches = salesforce('Chat_Touch__c').map(({ Opportunity__c }) => Opportunity__c);
    expect(touches).not.toContain(atSalesforce && opportunityId(atSalesforce));
  },
  reopened: ({ deals: [deal] }) => {
    expect(dealOf(deal).fields).toMatchObject({ status: 'won', stage: 'won' });
    expect(shareOf(dealOf(deal))).toBeGreaterThan(0);
  },
};

function samePhone(person: WorldPerson | undefined, phone: string | null | undefined): void {
  const expected = digits(phone);
  expect(expected).not.toBe('');
  expect(digits(entityOf(person).fields.phone)).toBe(expected);
  expect([digits(contactsAt(person)[0]?.Phone), digits(hubspotAt(person)[0]?.phone)]).toEqual([
    expected,
    expected,
  ]);
}

/** The chats of both halves count for the one person's deal. */
function mergedCredit({ people: [winner], deals: [deal], conversations }: HardCaseFacts): void {
  expect(entitiesOf(winner)).toHaveLength(1);
  for (const one of dealsOf(deal)) expect(one.fields['chatCredit.touches']).toBe(conversations.length);
  expect(dealsOf(deal).length).toBeGreaterThan(0);
}

function noCredit(deal: WorldDeal | undefined): void {
  expect(shareOf(dealOf(deal))).toBeNull();
  expect(opportunity(deal)?.Chat_Credit_Share__c ?? null).toBeNull();
}

describe('a hard case', () => {
  it.each(hardCaseNames)('%s', async (name) => {
    await proofs[name](cases[name]);
  });

  it('short ids of Salesforce, as people copy them, name the same deal', () => {
    const referenced = hubspot('deals').filter(
      ({ salesforce_opportunity_id: id }) => String(id ?? '').length === 15,
    );
    expect(referenced.length).toBeGreaterThan(5);
    for (const { id, salesforce_opportunity_id: short } of referenced) {
      const entity = deals.find(({ members }) => members.includes(`Deal|hubspot|deals|${String(id)}`));
      const opportunities = found(entity, 'deal').members.filter((member) =>
        member.includes('|Opportunity|'),
      );
      expect(opportunities.map((member) => member.split('|').at(-1)?.slice(0, 15))).toEqual([short]);
    }
  });
});
