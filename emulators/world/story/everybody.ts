/** Who there is and what they buy: companies, people and deals, the hard cases before the invented ones. */
import type { WorldCompany, WorldDeal, WorldPerson } from '../world.ts';
import { type DealFrame, planAccounts } from './accounts.ts';
import { type DealChats, planChats } from './chat-plan.ts';
import { tellCompanies } from './companies.ts';
import { convertSome, tellDeals, withLifecycle } from './deals.ts';
import { tellBuyers, tellBystanders, tellLoners } from './people.ts';
import type { Scene } from './scene.ts';
import type { Facts } from './stage.ts';

export interface Everybody {
  /** The hard cases, which tell their chats themselves. */
  readonly hard: Facts;
  readonly companies: readonly WorldCompany[];
  readonly people: readonly WorldPerson[];
  readonly deals: readonly WorldDeal[];
  /** Of the invented deals. */
  readonly frames: readonly DealFrame[];
  readonly plan: ReadonlyMap<string, DealChats>;
  /** People who have no deal. */
  readonly others: readonly WorldPerson[];
}

export interface Totals {
  readonly companies: number;
  readonly people: number;
  readonly deals: number;
}

/** `cast`: the companies of the hard cases. */
export function tellEverybody(
  scene: Scene,
  hard: Facts,
  cast: readonly WorldCompany[],
  totals: Totals,
): Everybody {
  const companies = tellCompanies(scene, totals.companies - cast.length);
  const frames = planAccounts(scene, companies, totals.deals - hard.deals.length);
  const plan = planChats(frames);
  const buyers = tellBuyers(scene, companies, frames, plan);
  const invented = tellDeals(scene, frames, buyers);
  const bystanders = tellBystanders(scene, companies);
  const bought = afterDeals(scene, [...buyers.values()].flat(), invented, companies);
  const missing = totals.people - hard.people.length - bought.length - bystanders.length;
  const people = [...hard.people, ...bought, ...bystanders, ...tellLoners(scene, missing)];
  const deals = [...hard.deals, ...invented];
  const others = withoutDeal(people, deals);
  return { hard, companies: [...cast, ...companies], people, deals, frames, plan, others };
}

/** What the deals made of the people who took part. */
function afterDeals(
  scene: Scene,
  people: readonly WorldPerson[],
  deals: readonly WorldDeal[],
  companies: readonly WorldCompany[],
): WorldPerson[] {
  const customers = new Set(companies.filter(({ customer }) => customer).map(({ key }) => key));
  return withLifecycle(convertSome(scene, people, deals), deals, customers);
}

function withoutDeal(people: readonly WorldPerson[], deals: readonly WorldDeal[]): WorldPerson[] {
  const buyers = new Set(deals.flatMap((deal) => deal.people.map(({ personKey }) => personKey)));
  return people.filter(({ key }) => !buyers.has(key));
}
