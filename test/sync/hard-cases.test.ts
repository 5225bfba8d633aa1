/** The seeded world in a hub: its hard cases, each looked up in the CRMs and in the canonical state, and what it looks like as a whole. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildWorld,
  type HardCaseFacts,
  type HardCaseName,
  hardCaseNames,
  hardCases,
} from '../../emulators/world/build.ts';
import { worldSalesforceId } from '../../emulators/world/ids.ts';
import type { WorldDeal, WorldPerson } from '../../emulators/world/world.ts';
import { usualPosteriorChecks } from '../../src/attribution/fit/posterior-checks.ts';
import type { Prediction } from '../../src/attribution/fit/predictive.ts';
import type { Entity, EntityKind } from '../../src/canonical/model.ts';
import { creditAsOf } from '../../src/reports/as-of.ts';
import type { CreditLine } from '../../src/store/contract/credits.ts';
import type { Json, JsonObject } from '../../src/support/json.ts';
import { creditDeals } from '../../src/sync/attribute/credits.ts';
import { type DemoDeal, demoDeals } from './demo-deals.ts';
import { found, openTestHub, type TestHub } from './hub.ts';

const cases = hardCases(buildWorld());
let hub: TestHub;
let deals: readonly Entity[];
let people: readonly Entity[];

beforeAll(async () => {
  hub = await openTestHub({ world: 'demo', settings: { attribution: { refit: '23 3 * * *' } } });
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
function predictedIn(figures: Json | undefined): Pick<Prediction, 'by' | 'misplaced'>[] {
  return (figures as unknown as { predicted: Prediction[] } | undefined)?.predicted ?? [];
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
    // Somebody who had read a page long before was not found by the chat.
    expect(dealOf(deal).fields['chatCredit.role']).toBe('influenced');
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

describe('the demo is believable', () => {
  let told: readonly DemoDeal[];
  beforeAll(async () => {
    told = await demoDeals(hub.hub);
  });
  const sum = (list: readonly DemoDeal[], of: (deal: DemoDeal) => number) =>
    list.reduce((all, deal) => all + of(deal), 0);
  const won = () => told.filter(({ status }) => status === 'won');

  it('credits its deals from data at once: the fit passes its checks with half of what they allow', async () => {
    const fits = await hub.hub.store.fits.list({ model: 'hazard' });
    expect(fits.map(({ status }) => status)).toEqual(['promoted']);
    const figures = (await hub.hub.store.fits.get(fits[0]?.version ?? ''))?.quality.figures;
    const predicted = predictedIn(figures);
    expect(predicted).toHaveLength(3);
    const { slack } = usualPosteriorChecks;
    const far = predicted.filter(({ misplaced }) => misplaced > slack / 2);
    expect(far.map(({ by, misplaced }) => ({ by, misplaced }))).toEqual([]);
    const writes = await hub.hub.store.outbox.writes({ connection: 'salesforce' }, 100_000);
    const shares = writes
      .filter(({ fields }) => 'Chat_Credit_Share__c' in fields)
      .map(({ recordId }) => recordId);
    expect(shares.length).toBeGreaterThan(50);
    expect(new Set(shares).size).toBe(shares.length);
  });

  it('shares differ from deal to deal', () => {
    const top = told.toSorted((a, b) => (b.share ?? 0) * b.worth - (a.share ?? 0) * a.worth).slice(0, 10);
    const shares = top.map(({ share }) => Math.round((share ?? 0) * 100));
    expect(new Set(shares).size).toBeGreaterThan(5);
    expect(Math.max(...shares)).toBeGreaterThan(1.5 * Math.min(...shares));
  });

  it('a deal above 50,000 takes 15 to 25 touches and 3 to 6 people', () => {
    const large = told.filter(({ worth }) => worth > 50);
    expect(large.length).toBeGreaterThan(20);
    const others = large.filter(
      ({ touches, people }) => touches < 15 || touches > 25 || people < 3 || people > 6,
    );
    expect(others.map(({ name, touches, people }) => ({ name, touches, people }))).toEqual([]);
  });

  it('8 to 15 % of the touches are chats', () => {
    const share = sum(told, ({ chats }) => chats) / sum(told, ({ touches }) => touches);
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.15);
  });

  it('the chatbot has 5 to 15 % of what was won, under every model and in each currency of many deals', async () => {
    const { models } = await hub.hub.models.current();
    const outside = models.flatMap(({ id }) =>
      ['USD', 'EUR', 'all'].flatMap((currency) => {
        const deals = won().filter((deal) => currency === 'all' || deal.currency === currency);
        const share =
          sum(deals, ({ worth, byModel }) => worth * (byModel[id] ?? 0)) / sum(deals, ({ worth }) => worth);
        return share > 0.05 && share < 0.15 ? [] : [`${id} ${currency} ${share.toFixed(3)}`];
      }),
    );
    expect(models.map(({ id }) => id)).toContain('hazard');
    expect(models.length).toBeGreaterThan(8);
    expect(outside).toEqual([]);
  });

  it('at most 2 % of the credited deals are the chatbot’s alone', () => {
    const credited = told.filter(({ share }) => share !== null);
    expect(credited.length).toBeGreaterThan(80);
    const whole = credited.filter(({ share }) => (share ?? 0) > 0.999);
    expect(whole.length / credited.length).toBeLessThanOrEqual(0.02);
  });

  it('questions to support source no deal; most of them assist', () => {
    const supported = told.filter(
      ({ topics }) => topics.length > 0 && topics.every((topic) => topic === 'support'),
    );
    expect(supported.length).toBeGreaterThan(10);
    expect(supported.filter(({ role }) => role === 'sourced')).toEqual([]);
    const assisting = supported.filter(({ role }) => role === 'assisted');
    expect(assisting.length / supported.length).toBeGreaterThan(0.8);
  });

  it('sales worked on every deal past qualification', () => {
    const past = told.filter(({ stage, status }) => status === 'won' || /proposal|negotiation/.test(stage));
    expect(past.length).toBeGreaterThan(70);
    expect(past.filter(({ sales }) => sales === 0).map(({ name }) => name)).toEqual([]);
  });
});

describe('thirty days later, while nothing happens', () => {
  beforeAll(async () => {
    await hub.hub.clock.sleep(30 * 86_400_000);
    await hub.settle();
    deals = await all('Deal');
  });

  it('every place tells one number of every deal', async () => {
    const models = await hub.hub.models.current();
    const now = hub.hub.clock.now();
    const computed = new Map(
      (
        await creditDeals(
          hub.hub,
          models,
          deals.map(({ id }) => id),
        )
      ).map((deal) => [deal.id, deal]),
    );
    const shown = Map.groupBy(salesforce('Opportunity'), ({ Id }) => `Deal|salesforce|Opportunity|${Id}`);
    let told = 0;
    for (const { id, fields, members, withdrawn } of deals) {
      if (withdrawn) continue;
      const share = fields['chatCredit.share'] ?? null;
      const live = found(computed.get(id), `computation of ${id}`);
      expect(live.fields['chatCredit.share'] ?? null).toBe(share);
      expect(live.fields['chatCredit.reason'] ?? null).toBe(fields['chatCredit.reason'] ?? null);
      const lines = await hub.hub.store.credits.ofDeal(id);
      const amounts = (some: readonly CreditLine[]) =>
        some.map(({ model, touch, time, amountMinor }) => `${model} ${touch} ${time} ${amountMinor}`).sort();
      expect(amounts(live.models.flatMap((model) => model.lines()))).toEqual(amounts(lines));
      const asOf = await creditAsOf(hub.hub, id, now);
      expect(asOf.asOf.same).not.toBe(false);
      expect(asOf.credited.fields['chatCredit.share'] ?? null).toBe(share);
      for (const row of members.flatMap((member) => shown.get(member) ?? [])) {
        const percent = typeof share === 'number' ? Number((share * 100).toFixed(2)) : null;
        expect(row.Chat_Credit_Share__c ?? null).toBe(percent);
        told += 1;
      }
    }
    expect(told).toBeGreaterThan(100);
  });
});
