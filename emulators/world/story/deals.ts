import type { WorldDeal, WorldPerson, WorldSystem } from '../world.ts';
import type { DealFrame } from './accounts.ts';
import { type Chance, chance } from './chance.ts';
import { makeDeal } from './deal.ts';
import { dealCourses, rates } from './market.ts';
import type { Buyers } from './people.ts';
import { places } from './places.ts';
import { placeOf, type Scene } from './scene.ts';

const lossReasons = ['No budget', 'Chose a competitor', 'No decision', 'Bad timing'];

export function tellDeals(scene: Scene, frames: readonly DealFrame[], buyers: Buyers): WorldDeal[] {
  const draw = chance(scene.seed, 'deals');
  return frames.map((frame) => oneDeal(scene, draw, frame, buyers.get(frame.company.key) ?? []));
}

function oneDeal(
  scene: Scene,
  draw: Chance,
  frame: DealFrame,
  colleagues: readonly WorldPerson[],
): WorldDeal {
  const { key, company, kind, team, worth, stages } = frame;
  const { products, by } = dealCourses[kind];
  const systems = systemsOf(draw, frame);
  const currency = places[placeOf(company)].currency;
  return makeDeal(scene, {
    key,
    kind,
    company,
    people: team.flatMap((place) => colleagues[place] ?? []),
    name: `${company.name}: ${draw.pick(products)}`,
    ownerKey: by === 'sales' ? company.ownerKey : company.managerKey,
    amountMinor: worth * 1_000 * rates[currency] * (currency === 'JPY' ? 1 : 100),
    currency,
    stages,
    in: systems,
    lostReason: draw.pick(lossReasons),
    ...(systems.length > 1 && draw.flip(0.9) ? { crossReferenced: true } : {}),
  });
}

function systemsOf(draw: Chance, { company }: DealFrame): readonly WorldSystem[] {
  if (company.in.length < 2 || draw.flip(0.5)) return company.in;
  return draw.pick<readonly WorldSystem[]>([['salesforce'], ['salesforce'], ['hubspot']]);
}

/**
 * Some first deals came of a lead: its Salesforce conversion made contact and deal at once. Only a person's
 * first deal can, and only one person converts into it.
 */
export function convertSome(
  scene: Scene,
  people: readonly WorldPerson[],
  deals: readonly WorldDeal[],
): WorldPerson[] {
  const draw = chance(scene.seed, 'conversions');
  const first = new Map<string, WorldDeal>();
  const inSalesforce = deals
    .filter((deal) => deal.in.includes('salesforce') && deal.kind === 'new business')
    .sort((a, b) => a.createdAt - b.createdAt);
  for (const deal of inSalesforce) {
    for (const { personKey } of deal.people) if (!first.has(personKey)) first.set(personKey, deal);
  }
  return people.map((person) => {
    const deal = first.get(person.key);
    if (!deal || deal.people[0]?.personKey !== person.key || !draw.flip(0.5)) return person;
    return {
      ...person,
      modifiedAt: Math.max(person.modifiedAt, deal.createdAt),
      salesforce: {
        as: 'convertedLead',
        convertedAt: deal.createdAt,
        dealKey: deal.key,
        status: 'Closed - Converted',
      },
    };
  });
}

/** People who take part in a deal have come as far as the deal has: to an opportunity when it is made, to a customer when it is won. */
export function withLifecycle(
  people: readonly WorldPerson[],
  deals: readonly WorldDeal[],
  /** Keys of companies that were customers from the start. */
  customers: ReadonlySet<string>,
): WorldPerson[] {
  const byPerson = new Map<string, WorldDeal[]>();
  for (const deal of deals)
    for (const { personKey } of deal.people)
      byPerson.set(personKey, [...(byPerson.get(personKey) ?? []), deal]);
  return people.map((person) => {
    const own = byPerson.get(person.key);
    if (!person.hubspot || !own) return person;
    return { ...person, hubspot: reached(own, customers.has(person.companyKey ?? '')) };
  });
}

function reached(deals: readonly WorldDeal[], wasCustomer: boolean): NonNullable<WorldPerson['hubspot']> {
  if (wasCustomer) return { lifecycle: 'customer' };
  const won = deals.flatMap(({ stages }) =>
    stages.filter(({ stage }) => stage === 'won').map(({ at }) => at),
  );
  if (won.length > 0) return { lifecycle: 'customer', since: Math.min(...won) };
  return { lifecycle: 'opportunity', since: Math.min(...deals.map(({ createdAt }) => createdAt)) };
}
