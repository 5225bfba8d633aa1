/** What makes the seeded world believable: who does what, when, and in which order, in any seed. */
import { describe, expect, test } from 'vitest';
import { buildWorld } from '../../emulators/world/build.ts';
import type { WorldDeal } from '../../emulators/world/world.ts';

const day = 86_400_000;
const hour = day / 24;

/** Names of the facts that break a rule; empty when all keep it. */
function breaking<T extends { readonly key: string }>(
  facts: readonly T[],
  keeps: (fact: T) => boolean,
): string[] {
  return facts.filter((fact) => !keeps(fact)).map((fact) => fact.key);
}

const wonAt = ({ stages }: WorldDeal) => stages.find(({ stage }) => stage === 'won')?.at;
const endOf = (deal: WorldDeal) => deal.stages.at(-1)?.at ?? 0;
const hasPassed = ({ stages }: WorldDeal) =>
  stages.some(({ stage }) => !['prospecting', 'lost'].includes(stage));

describe.each([1, 2, 3, 99])('the story of seed %i', (seed) => {
  const world = buildWorld({ seed });
  const people = new Map(world.people.map((person) => [person.key, person]));
  const companies = new Map(world.companies.map((company) => [company.key, company]));
  const users = new Map(world.users.map((user) => [user.key, user]));
  const byDeal = Map.groupBy(world.activities, ({ dealKey }) => dealKey);

  test('whoever takes part in a deal works at its company', () => {
    expect(
      breaking(world.deals, (deal) =>
        deal.people.every(({ personKey }) => people.get(personKey)?.companyKey === deal.companyKey),
      ),
    ).toEqual([]);
  });

  test('only customers renew and buy more, and account managers look after that', () => {
    const bought = (deal: WorldDeal) =>
      companies.get(deal.companyKey)?.customer === true ||
      world.deals.some(
        (other) => other.companyKey === deal.companyKey && (wonAt(other) ?? Infinity) < deal.createdAt,
      );
    const later = world.deals.filter(({ kind }) => kind !== 'new business');
    expect(later.length).toBeGreaterThan(30);
    expect(breaking(later, bought)).toEqual([]);
    expect(breaking(later, ({ ownerKey }) => users.get(ownerKey)?.role === 'account manager')).toEqual([]);
    const invented = world.deals.filter(({ kind, key }) => kind === 'new business' && /^d-\d/.test(key));
    expect(breaking(invented, ({ ownerKey }) => users.get(ownerKey)?.role === 'sales')).toEqual([]);
  });

  test('sales worked on every deal past qualification, while it was open and with its people', () => {
    expect(breaking(world.deals.filter(hasPassed), ({ key }) => byDeal.has(key))).toEqual([]);
    const deals = new Map(world.deals.map((deal) => [deal.key, deal]));
    const work = world.activities.filter(({ dealKey }) => dealKey !== null);
    expect(
      breaking(work, ({ dealKey, at, personKey, ownerKey }) => {
        const deal = deals.get(dealKey ?? '');
        if (!deal) return false;
        const isClosed = ['won', 'lost'].includes(deal.stages.at(-1)?.stage ?? '');
        const until = isClosed ? endOf(deal) : world.now;
        const isOurs = deal.people.some((each) => each.personKey === personKey);
        return isOurs && ownerKey === deal.ownerKey && at >= deal.createdAt && at <= until;
      }),
    ).toEqual([]);
  });

  test('a deal is won days to months after the last call, and many as a quarter ends', () => {
    const invented = world.deals.filter(({ key }) => /^d-\d/.test(key));
    const won = invented.filter((deal) => wonAt(deal) !== undefined);
    expect(won.length).toBeGreaterThan(40);
    const wait = (deal: WorldDeal) => {
      const calls = byDeal.get(deal.key)?.map(({ at }) => at) ?? [];
      return (endOf(deal) - Math.max(0, ...calls)) / day;
    };
    expect(breaking(won, (deal) => wait(deal) > 7 && wait(deal) < 100)).toEqual([]);
    const waits = won.map(wait).sort((a, b) => a - b);
    expect((waits.at(-5) ?? 0) - (waits[5] ?? 0)).toBeGreaterThan(20);
    const atQuarterEnd = won.filter((deal) => ((world.now - endOf(deal)) / day) % 91 < 7);
    expect(atQuarterEnd.length / won.length).toBeGreaterThan(0.15);
    expect(atQuarterEnd.length / won.length).toBeLessThan(0.6);
  });

  test('calls, meetings and mails of staff fall into office hours', () => {
    const isInOffice = (at: number) => {
      const sinceNoon = ((((at - world.now + day / 2) % day) + day) % day) - day / 2;
      return sinceNoon >= -4 * hour && sinceNoon <= 5 * hour;
    };
    const outside = world.activities.filter(({ at }) => !isInOffice(at));
    expect(outside.length / world.activities.length).toBeLessThan(0.08);
  });

  test('people who never buy have journeys, too, and long ones', () => {
    const buyers = new Set(world.deals.flatMap((deal) => deal.people.map(({ personKey }) => personKey)));
    const alone = world.responses.filter(({ personKey }) => !buyers.has(personKey));
    const counts = [...Map.groupBy(alone, ({ personKey }) => personKey).values()].map(
      (answers) => answers.length,
    );
    expect(counts.filter((count) => count >= 3).length).toBeGreaterThan(80);
    expect(counts.filter((count) => count >= 6).length).toBeGreaterThan(15);
  });

  test('support is for customers, in the chat and by ticket', () => {
    const firstWon = new Map<string, number>();
    for (const deal of world.deals.toSorted((a, b) => endOf(b) - endOf(a))) {
      const at = wonAt(deal);
      if (at !== undefined) firstWon.set(deal.companyKey, at);
    }
    const isCustomer = (companyKey: string | null | undefined, at: number) =>
      companies.get(companyKey ?? '')?.customer === true ||
      (firstWon.get(companyKey ?? '') ?? Infinity) <= at;
    const invented = world.conversations.filter(({ key, personKey }) => /^s-\d/.test(key) && personKey);
    const support = invented.filter(({ topic }) => topic === 'support');
    expect(support.length).toBeGreaterThan(20);
    expect(
      breaking(support, ({ personKey, startedAt }) =>
        isCustomer(people.get(personKey ?? '')?.companyKey, startedAt),
      ),
    ).toEqual([]);
    expect(world.tickets.length).toBeGreaterThan(30);
    const tickets = world.tickets.filter(
      ({ conversationKey }) => !conversationKey || /^s-\d/.test(conversationKey),
    );
    expect(breaking(tickets, ({ companyKey, createdAt }) => isCustomer(companyKey, createdAt))).toEqual([]);
    expect(
      breaking(world.tickets, ({ createdAt, solvedAt }) => solvedAt === null || solvedAt > createdAt),
    ).toEqual([]);
  });

  test('a campaign is answered while it runs, and a form carries its UTM', () => {
    const campaigns = new Map(world.campaigns.map((campaign) => [campaign.key, campaign]));
    const running = world.responses.filter(({ personKey }) => !personKey.startsWith('p-fair-'));
    expect(
      breaking(running, ({ campaignKey, at }) => {
        const campaign = campaigns.get(campaignKey ?? '');
        return !campaign || (at >= campaign.start && at <= campaign.end + day);
      }),
    ).toEqual([]);
    const forms = world.responses.filter(({ pageUrl }) => pageUrl !== null);
    expect(
      breaking(forms, ({ campaignKey, pageUrl, form }) => {
        const told = new URL(pageUrl ?? '').searchParams.get('utm_campaign');
        return form !== null && told === (campaigns.get(campaignKey ?? '')?.utmCampaign ?? null);
      }),
    ).toEqual([]);
  });

  test('every form and every chat is part of a visit, and a clicked mail of a campaign comes before its form', () => {
    const visits = Map.groupBy(world.visits, ({ personKey, visitorId }) => personKey ?? visitorId);
    const isIn = (who: string, at: number) =>
      visits.get(who)?.some(({ startedAt, endedAt }) => startedAt <= at && at <= endedAt) === true;
    const forms = world.responses.filter(({ pageUrl }) => pageUrl !== null);
    expect(breaking(forms, ({ personKey, at }) => isIn(personKey, at))).toEqual([]);
    expect(
      breaking(world.conversations, (chat) => isIn(chat.personKey ?? chat.visitorId, chat.startedAt)),
    ).toEqual([]);
    expect(
      breaking(world.visits, ({ pages, startedAt, endedAt }) =>
        pages.every(({ at }) => at >= startedAt && at <= endedAt),
      ),
    ).toEqual([]);
    expect(
      breaking(world.mailings, ({ sentAt, openedAt, clickedAt }) => {
        const isInOrder = openedAt === null || openedAt > sentAt;
        return isInOrder && (clickedAt === null || (openedAt !== null && clickedAt > openedAt));
      }),
    ).toEqual([]);
    expect(world.mailings.filter(({ clickedAt }) => clickedAt !== null).length).toBeGreaterThan(50);
  });
});
