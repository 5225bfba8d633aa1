import type { WorldCompany, WorldDeal, WorldPerson, WorldStage } from '../world.ts';
import { places } from './places.ts';
import { bothSystems, day, hour, isoDate, placeOf, type Scene } from './scene.ts';

export interface DealPlan extends Partial<Omit<WorldDeal, 'key' | 'companyKey' | 'people' | 'stages'>> {
  readonly key: string;
  readonly company: WorldCompany;
  readonly people: readonly WorldPerson[];
  /** Oldest first; the first one is when the deal was made. */
  readonly stages: readonly (readonly [WorldStage, at: number])[];
}

export const roles = [
  'Decision Maker',
  'Evaluator',
  'Influencer',
  'Business User',
  'Economic Buyer',
] as const;

/** Fills in what a plan leaves open: name, owner, close date, currency of the company's country. */
export function makeDeal(scene: Scene, plan: DealPlan): WorldDeal {
  const { key, company, people, stages: steps, lostReason = 'No budget', ...told } = plan;
  const stages = steps.map(([stage, at]) => ({ stage, at }));
  const first = stages[0];
  const last = stages.at(-1);
  if (!first || !last) throw new RangeError(`deal ${key} has no stage`);
  const closed = last.stage === 'won' || last.stage === 'lost';
  return {
    key,
    kind: 'new business',
    name: `${company.name}: rollout`,
    companyKey: company.key,
    ownerKey: company.ownerKey,
    people: people.map((person, index) => ({
      personKey: person.key,
      role: roles[index % roles.length] ?? roles[0],
    })),
    amountMinor: 1_840_000,
    currency: places[placeOf(company)].currency,
    createdAt: first.at,
    modifiedAt: Math.min(last.at + hour, scene.now),
    closeDate: isoDate(closed ? last.at : scene.now + 30 * day),
    stages,
    in: bothSystems,
    ...told,
    ...(last.stage === 'lost' ? { lostReason } : {}),
  };
}
