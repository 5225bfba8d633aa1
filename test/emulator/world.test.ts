import { parsePhoneNumber } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { buildWorld } from '../../emulators/world/build.ts';
import type { World, WorldDeal, WorldPerson, WorldSystem } from '../../emulators/world/world.ts';

const world = buildWorld();
const systems: readonly WorldSystem[] = ['salesforce', 'hubspot'];
const year = 366 * 86_400_000;

/** Names of the facts that break a rule; empty when all keep it. */
function breaking<T extends { readonly key: string }>(
  facts: readonly T[],
  keeps: (fact: T) => boolean,
): string[] {
  return facts.filter((fact) => !keeps(fact)).map((fact) => fact.key);
}

describe('size', () => {
  test.each([
    ['users', 6],
    ['companies', 60],
    ['people', 460],
    ['campaigns', 20],
    ['deals', 150],
    ['conversations', 390],
  ] as const)('%s: %i', (facts, count) => {
    expect(world[facts]).toHaveLength(count);
  });

  test('deals are in both systems with and without a cross-reference, and in one only', () => {
    const kinds = Map.groupBy(world.deals, (deal) => `${deal.in.join('+')} ${deal.crossReferenced ?? false}`);
    expect([...kinds.keys()].sort()).toEqual([
      'hubspot false',
      'salesforce false',
      'salesforce+hubspot false',
      'salesforce+hubspot true',
    ]);
    expect(Math.min(...[...kinds.values()].map((deals) => deals.length))).toBeGreaterThan(0);
    expect(kinds.get('salesforce+hubspot true')?.length).toBeGreaterThan(30);
  });

  test('three currencies, every stage, and campaign responses with and without a form', () => {
    expect(new Set(world.deals.map((deal) => deal.currency))).toEqual(new Set(['USD', 'EUR', 'JPY']));
    expect(new Set(world.deals.map((deal) => deal.stages.at(-1)?.stage))).toEqual(
      new Set(['prospecting', 'qualified', 'proposal', 'negotiation', 'won', 'lost']),
    );
    expect(world.responses.filter((response) => response.pageUrl).length).toBeGreaterThan(50);
    expect(world.responses.filter((response) => !response.pageUrl).length).toBeGreaterThan(10);
  });
});

describe('determinism', () => {
  test('the same seed is the same world, another seed another', () => {
    expect(JSON.stringify(buildWorld())).toBe(JSON.stringify(world));
    expect(JSON.stringify(buildWorld({ seed: 2 }))).not.toBe(JSON.stringify(world));
  });

  test('another today moves the story and changes no fact', () => {
    const later = buildWorld({ now: world.now + 5 * 86_400_000 });
    expect(later.deals.map((deal) => [deal.key, deal.amountMinor, deal.createdAt])).toEqual(
      world.deals.map((deal) => [deal.key, deal.amountMinor, deal.createdAt + 5 * 86_400_000]),
    );
  });
});

describe.each([1, 2, 3, 99])('invariants of seed %i', (seed) => {
  const told = buildWorld({ seed });
  const people = new Map(told.people.map((person) => [person.key, person]));
  const companies = new Map(told.companies.map((company) => [company.key, company]));
  const deals = new Map(told.deals.map((deal) => [deal.key, deal]));

  test.each([
    'users',
    'companies',
    'people',
    'campaigns',
    'responses',
    'deals',
    'activities',
    'conversations',
    'tickets',
    'visits',
    'mailings',
  ] as const)('each key of %s is there once', (facts) => {
    const keys = told[facts].map((fact) => fact.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('no key dangles', () => {
    const owners = new Set(told.users.map((user) => user.key));
    const campaigns = new Set(told.campaigns.map((campaign) => campaign.key));
    expect(breaking(told.companies, (company) => owners.has(company.ownerKey))).toEqual([]);
    expect(breaking(told.people, (person) => owners.has(person.ownerKey))).toEqual([]);
    expect(
      breaking(told.people, (person) => person.companyKey === null || companies.has(person.companyKey)),
    ).toEqual([]);
    expect(
      breaking(told.people, ({ mergedInto }) => !mergedInto || people.has(mergedInto.personKey)),
    ).toEqual([]);
    expect(
      breaking(told.deals, (deal) => owners.has(deal.ownerKey) && companies.has(deal.companyKey)),
    ).toEqual([]);
    expect(
      breaking(
        told.responses,
        (each) =>
          (each.campaignKey === null || campaigns.has(each.campaignKey)) && people.has(each.personKey),
      ),
    ).toEqual([]);
    expect(breaking(told.activities, (each) => owners.has(each.ownerKey))).toEqual([]);
    expect(breaking(told.companies, (company) => owners.has(company.managerKey))).toEqual([]);
    expect(
      breaking(told.mailings, (each) => campaigns.has(each.campaignKey) && people.has(each.personKey)),
    ).toEqual([]);
    const chats = new Set(told.conversations.map(({ key }) => key));
    expect(
      breaking(
        told.tickets,
        (each) =>
          people.get(each.personKey)?.companyKey === each.companyKey &&
          (each.conversationKey === null || chats.has(each.conversationKey)),
      ),
    ).toEqual([]);
    expect(breaking(told.activities, (each) => each.dealKey === null || deals.has(each.dealKey))).toEqual([]);
    expect(
      breaking(told.conversations, (chat) => chat.personKey === null || people.has(chat.personKey)),
    ).toEqual([]);
  });

  test('whoever a system names, it knows', () => {
    const knows = (system: WorldSystem, key: string) => people.get(key)?.[system] !== undefined;
    const buys = (deal: WorldDeal) =>
      deal.in.every(
        (system) =>
          companies.get(deal.companyKey)?.in.includes(system) &&
          deal.people.every((each) => knows(system, each.personKey)),
      );
    expect(breaking(told.deals, (deal) => deal.people.length > 0 && buys(deal))).toEqual([]);
    expect(
      breaking(
        told.deals,
        (deal) =>
          !deal.in.includes('salesforce') ||
          deal.people.every((each) => people.get(each.personKey)?.salesforce?.as !== 'lead'),
      ),
    ).toEqual([]);
    expect(
      breaking(told.people, (person) =>
        systems.every(
          (system) =>
            !person[system] || !person.companyKey || companies.get(person.companyKey)?.in.includes(system),
        ),
      ),
    ).toEqual([]);
    expect(breaking(told.activities, (each) => knows(each.system, each.personKey))).toEqual([]);
    expect(
      breaking(
        told.activities,
        (each) => each.dealKey === null || deals.get(each.dealKey)?.in.includes(each.system) === true,
      ),
    ).toEqual([]);
    const form = (pageUrl: string | null): WorldSystem => (pageUrl ? 'hubspot' : 'salesforce');
    expect(breaking(told.responses, (each) => knows(form(each.pageUrl), each.personKey))).toEqual([]);
    expect(
      breaking(told.people, (person) =>
        systems.every((system) => !person.deleted?.[system] || knows(system, person.key)),
      ),
    ).toEqual([]);
  });

  test('nothing happens after today or more than a year before it, and every time is a whole millisecond', () => {
    const story = { ...told, campaigns: [], deals: told.deals.map((deal) => ({ ...deal, closeDate: '' })) };
    const outside = times(story).filter(
      (at) => !Number.isInteger(at) || at > told.now || at < told.now - year,
    );
    expect(outside).toEqual([]);
  });

  test('what follows comes later', () => {
    expect(breaking(told.people, ({ createdAt, modifiedAt }) => createdAt <= modifiedAt)).toEqual([]);
    expect(
      breaking(
        told.people,
        (person) => person.createdAt >= (companies.get(person.companyKey ?? '')?.createdAt ?? 0),
      ),
    ).toEqual([]);
    expect(
      breaking(told.deals, (deal) => deal.createdAt === deal.stages[0]?.at && ascending(deal.stages)),
    ).toEqual([]);
    expect(breaking(told.deals, (deal) => deal.modifiedAt >= (deal.stages.at(-1)?.at ?? 0))).toEqual([]);
    expect(
      breaking(told.deals, (deal) =>
        deal.people.every((each) => (people.get(each.personKey)?.createdAt ?? 0) <= deal.createdAt),
      ),
    ).toEqual([]);
    expect(breaking(told.conversations, (chat) => ascending(chat.messages) && inSession(chat))).toEqual([]);
    expect(
      breaking(told.responses, (each) => each.at >= (people.get(each.personKey)?.createdAt ?? 0)),
    ).toEqual([]);
  });

  test('a conversion makes the deal that it names, at that moment', () => {
    const converted = told.people.filter((person) => person.salesforce?.as === 'convertedLead');
    expect(converted.length).toBeGreaterThan(10);
    const agrees = ({ key, salesforce }: WorldPerson) => {
      const deal = deals.get(salesforce?.dealKey ?? '');
      return deal?.createdAt === salesforce?.convertedAt && deal?.people[0]?.personKey === key;
    };
    expect(breaking(converted, agrees)).toEqual([]);
  });

  test('closed deals close on the day of their last stage, and only lost ones say why', () => {
    const closed = told.deals.filter((deal) => ['won', 'lost'].includes(deal.stages.at(-1)?.stage ?? ''));
    expect(
      breaking(
        closed,
        (deal) => deal.closeDate === new Date(deal.stages.at(-1)?.at ?? 0).toISOString().slice(0, 10),
      ),
    ).toEqual([]);
    expect(
      breaking(
        told.deals,
        (deal) => (deal.lostReason !== undefined) === (deal.stages.at(-1)?.stage === 'lost'),
      ),
    ).toEqual([]);
  });

  test('an address belongs to one human being; domains and numbers are reserved for fiction', () => {
    const byEmail = Map.groupBy(
      told.people.filter((person) => person.email),
      (person) => person.email,
    );
    const shared = [...byEmail.values()].filter(
      (sharing) => new Set(sharing.map((each) => each.lastName)).size > 1,
    );
    expect(shared).toEqual([]);
    expect(
      breaking(
        told.people,
        (person) => !person.email || /@([a-z-]+\.example|example\.(com|net|org))$/.test(person.email),
      ),
    ).toEqual([]);
    expect(
      breaking(told.people, (person) => person.phone === null || parsePhoneNumber(person.phone).isValid()),
    ).toEqual([]);
    const numbers = [...told.people, ...told.companies].flatMap((each) => each.phone ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('what a visitor said of themselves agrees with who they are, and the first page with what brought them', () => {
    const named = told.conversations.filter((chat) => chat.identifiedAs);
    expect(
      breaking(
        named,
        (chat) => people.get(chat.personKey ?? '')?.email === chat.identifiedAs?.email.toLowerCase(),
      ),
    ).toEqual([]);
    const tagged = told.conversations.filter((chat) =>
      new URL(chat.landingPage).searchParams.has('utm_source'),
    );
    expect(tagged.length).toBeGreaterThan(20);
    const campaigns = new Set<string | null>(told.campaigns.map((campaign) => campaign.utmCampaign));
    expect(
      breaking(tagged, (chat) => campaigns.has(new URL(chat.landingPage).searchParams.get('utm_campaign'))),
    ).toEqual([]);
  });
});

function ascending(steps: readonly { readonly at: number }[]): boolean {
  return steps.every((step, index) => index === 0 || (steps[index - 1]?.at ?? 0) < step.at);
}

function inSession(chat: World['conversations'][number]): boolean {
  const moments = [...chat.messages, ...chat.intents, chat.identifiedAs, chat.goal, chat.rating].flatMap(
    (each) => each?.at ?? [],
  );
  return [...moments, ...chat.fallbacks].every((at) => at >= chat.startedAt && at <= chat.endedAt);
}

/** Every number under a name that means a time. */
function times(value: unknown, name = ''): number[] {
  if (typeof value === 'number') return /^at$|At$|^(salesforce|hubspot)$/.test(name) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => times(inner, Array.isArray(value) ? name : key));
}
