/** The stage on which a hard case plays: the scene, the cast of companies, and short ways to put facts on it. */
import type { WorldCompany, WorldConversation, WorldDeal, WorldPerson, WorldStage } from '../world.ts';
import { type Chance, chance } from './chance.ts';
import { type CastKey, tellCast } from './companies.ts';
import { type ChatPlan, converse } from './conversation.ts';
import { type DealPlan, makeDeal } from './deal.ts';
import type { Name } from './names.ts';
import { makePerson, type PersonPlan } from './person.ts';
import { ago, type Scene, visitor } from './scene.ts';

export interface Facts {
  readonly people: readonly WorldPerson[];
  readonly deals: readonly WorldDeal[];
  readonly conversations: readonly WorldConversation[];
}

export interface HardCase {
  /** What is hard about it, in one sentence. */
  readonly says: string;
  tell(stage: Stage): Partial<Facts>;
}

type PersonRest = Partial<Omit<PersonPlan, 'key' | 'name' | 'company'>>;
type DealRest = Partial<Omit<DealPlan, 'key' | 'people' | 'stages' | 'company'>>;
type ChatRest = Partial<Omit<ChatPlan, 'key' | 'person' | 'at'>>;

export interface Stage {
  readonly cast: Readonly<Record<CastKey, WorldCompany>>;
  readonly draw: Chance;
  ago(days: number): number;
  visitor(owner: string): string;
  /** Made 200 days ago, a contact in both systems, unless told otherwise. */
  person(
    key: string,
    name: readonly [Name, Name],
    company: WorldCompany | null,
    rest?: PersonRest,
  ): WorldPerson;
  /** Stages in days before today. */
  deal(
    key: string,
    people: readonly WorldPerson[],
    stages: readonly (readonly [WorldStage, number])[],
    rest?: DealRest,
  ): WorldDeal;
  /** A named chat on pricing from the person's own browser, unless told otherwise. */
  chat(key: string, person: WorldPerson | null, days: number, rest?: ChatRest): WorldConversation;
}

export function openStage(scene: Scene): Stage {
  const cast = tellCast(scene);
  const draw = chance(scene.seed, 'hard cases');
  const companies = Object.values(cast);
  return {
    cast,
    draw,
    ago: (days) => ago(scene, days),
    visitor: (owner) => visitor(scene, owner),
    person: (key, name, company, rest) =>
      makePerson(scene, { key, name, company, createdAt: ago(scene, 200), ...rest }),
    deal: (key, people, stages, rest) => {
      const company = companies.find((each) => each.key === people[0]?.companyKey);
      if (!company) throw new RangeError(`${key}: its first person works for nobody of the cast`);
      return makeDeal(scene, {
        key,
        company,
        people,
        stages: stages.map(([name, days]) => [name, ago(scene, days)]),
        ...rest,
      });
    },
    chat: (key, person, days, rest) =>
      converse(draw, {
        key,
        person,
        at: ago(scene, days),
        topic: 'pricing',
        identified: person !== null,
        visitorId: visitor(scene, person?.key ?? key),
        ...rest,
      }),
  };
}
