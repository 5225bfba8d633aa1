import type { WorldCompany, WorldDeal, WorldPerson, WorldStage, WorldSystem } from '../world.ts';
import { type Chance, chance } from './chance.ts';
import { makeDeal } from './deal.ts';
import { places } from './places.ts';
import { day, placeOf, type Scene } from './scene.ts';

const products = ['Team plan', 'Enterprise plan', 'Chat add-on', 'Renewal', 'Pilot', 'Rollout'];
const lossReasons = ['No budget', 'Chose a competitor', 'No decision', 'Bad timing'];
const open: readonly WorldStage[] = ['prospecting', 'qualified', 'proposal', 'negotiation'];

/** Whole units; the yen has no smaller one. */
const amounts = {
  USD: { from: 30, to: 1_800, minor: 10_000 },
  EUR: { from: 28, to: 1_650, minor: 10_000 },
  JPY: { from: 40, to: 900, minor: 10_000 },
} as const;

export function tellDeals(
  scene: Scene,
  companies: readonly WorldCompany[],
  people: readonly WorldPerson[],
  count: number,
): WorldDeal[] {
  const draw = chance(scene.seed, 'deals');
  const colleagues = Map.groupBy(people, (person) => person.companyKey);
  const deals: WorldDeal[] = [];
  for (let turn = 0; deals.length < count; turn += 1) {
    const company = companies[turn % companies.length];
    if (!company) throw new RangeError('no company to make a deal with');
    const buyers = colleagues.get(company.key) ?? [];
    deals.push(oneDeal(scene, draw, company, buyers, `d-${String(deals.length + 1).padStart(3, '0')}`));
  }
  return deals;
}

function oneDeal(
  scene: Scene,
  draw: Chance,
  company: WorldCompany,
  colleagues: readonly WorldPerson[],
  key: string,
): WorldDeal {
  const systems = systemsOf(draw, company);
  const people = draw
    .shuffled(colleagues.filter((person) => canBuy(person, systems)))
    .slice(0, draw.int(1, 4));
  const known = Math.max(...people.map((person) => person.createdAt));
  const start = Math.round(known + day + (scene.now - known - 3 * day) * draw.next());
  const currency = places[placeOf(company)].currency;
  const range = amounts[currency];
  return makeDeal(scene, {
    key,
    company,
    people,
    name: `${company.name}: ${draw.pick(products)}`,
    amountMinor: draw.int(range.from, range.to) * range.minor,
    currency,
    stages: walk(scene, draw, start),
    in: systems,
    lostReason: draw.pick(lossReasons),
    ...(systems.length > 1 && draw.flip(0.9) ? { crossReferenced: true } : {}),
  });
}

function systemsOf(draw: Chance, company: WorldCompany): readonly WorldSystem[] {
  if (company.in.length < 2 || draw.flip(0.5)) return company.in;
  return draw.pick<readonly WorldSystem[]>([['salesforce'], ['hubspot']]);
}

/** A deal's people must be there wherever the deal is told, and a Salesforce lead cannot have one. */
function canBuy(person: WorldPerson, systems: readonly WorldSystem[]): boolean {
  if (systems.some((system) => !person[system])) return false;
  return !systems.includes('salesforce') || person.salesforce?.as === 'contact';
}

/** Stage by stage until it is decided or today is reached. */
function walk(scene: Scene, draw: Chance, start: number): [WorldStage, number][] {
  const end: WorldStage = draw.flip(0.6) ? 'won' : 'lost';
  const path = [...open.slice(0, end === 'won' ? 4 : draw.int(1, 4)), end];
  const walked: [WorldStage, number][] = [];
  let at = start;
  for (const stage of path) {
    if (at >= scene.now) break;
    walked.push([stage, at]);
    at += Math.round(draw.int(3, 38) * day + draw.next() * day);
  }
  return walked;
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
    .filter((deal) => deal.in.includes('salesforce'))
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
