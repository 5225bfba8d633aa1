/** Makes the seeded world. Same seed and same today, same bytes. */
import type { Listed } from './story/answers.ts';
import { answersAfterLoss, answersOfOthers } from './story/audience.ts';
import { tellCampaigns } from './story/campaigns.ts';
import { chatCases } from './story/cases/chats.ts';
import { dealCases } from './story/cases/deals.ts';
import { peopleCases } from './story/cases/people.ts';
import { tellChats } from './story/chats.ts';
import { users } from './story/companies.ts';
import { tellCourses } from './story/course.ts';
import { type Everybody, tellEverybody } from './story/everybody.ts';
import { tellMailings } from './story/mailings.ts';
import { callsToLeads } from './story/sales.ts';
import { openScene, type Scene } from './story/scene.ts';
import { type Facts, type HardCase, openStage, type Stage } from './story/stage.ts';
import { tellTickets } from './story/tickets.ts';
import { tellVisits } from './story/visits.ts';
import type { World } from './world.ts';

const today = Date.parse('2026-06-30T12:00:00Z');
const totals = { companies: 60, people: 460, deals: 150, conversations: 390 };

const cases = { ...peopleCases, ...chatCases, ...dealCases };
export type HardCaseName = keyof typeof cases;
export const hardCaseNames = Object.keys(cases) as HardCaseName[];

export interface HardCaseFacts extends Facts {
  /** What is hard about it, in one sentence. */
  readonly says: string;
}

export interface WorldOptions {
  readonly seed?: number;
  /** Ms; the year before it is told. Absent: 2026-06-30, noon UTC. */
  readonly now?: number;
}

/** The hard cases come first, under keys that no seed changes; invented facts fill up to the totals. */
export function buildWorld({ seed = 1, now = today }: WorldOptions = {}): World {
  const scene = openScene(seed, now);
  const stage = openStage(scene);
  const everybody = tellEverybody(scene, tellAll(stage), Object.values(stage.cast), totals);
  const { companies, people, deals } = everybody;
  return { seed, now, users, companies, people, deals, ...tellEvents(scene, everybody) };
}

type Events = Omit<World, 'seed' | 'now' | 'users' | 'companies' | 'people' | 'deals'>;

/** What happens to them: one course for each deal, and a little for everybody else. */
function tellEvents(scene: Scene, everybody: Everybody): Events {
  const { hard, companies, people, plan, others } = everybody;
  const listed: Listed = new Set();
  const courses = tellCourses(scene, listed, everybody);
  // The hard cases say themselves whom sales called and who chatted.
  const asked = others.filter(({ key }) => !hard.people.some((person) => person.key === key));
  const told = tellChats(scene, {
    courses: courses.filter(({ deal }) => plan.has(deal.key)),
    plan,
    others: asked,
    count: totals.conversations - hard.conversations.length,
  });
  const conversations = [...hard.conversations, ...told];
  const campaigns = tellCampaigns(scene);
  const answersAlone = answersOfOthers(scene, listed, others, companies);
  const answers = [
    ...courses.flatMap((course) => course.answers),
    ...answersAlone,
    ...answersAfterLoss(scene, listed, courses),
  ];
  const responses = numbered('r', answers);
  const work = [...courses.flatMap((course) => course.work), ...callsToLeads(scene, asked, answersAlone)];
  return {
    campaigns,
    responses,
    activities: numbered('a', work),
    conversations,
    tickets: tellTickets(scene, courses, conversations),
    visits: tellVisits(scene, { responses, conversations, courses }),
    mailings: tellMailings(scene, campaigns, people, responses),
  };
}

function numbered<T extends object>(prefix: string, facts: readonly T[]): (T & { readonly key: string })[] {
  return facts.map((fact, index) => ({ ...fact, key: `${prefix}-${String(index + 1).padStart(3, '0')}` }));
}

/** The world's own records of each hard case, for tests and demos that look for one. */
export function hardCases(world: World): Readonly<Record<HardCaseName, HardCaseFacts>> {
  const stage = openStage(openScene(world.seed, world.now));
  const facts = Object.entries<HardCase>(cases).map(([name, each]): [string, HardCaseFacts] => {
    const told = factsOf(each, stage);
    const people = among(world.people, told.people);
    const deals = among(world.deals, told.deals);
    const conversations = among(world.conversations, told.conversations);
    return [name, { says: each.says, people, deals, conversations }];
  });
  const byName: Record<string, HardCaseFacts> = Object.fromEntries(facts);
  return byName as Record<HardCaseName, HardCaseFacts>;
}

function tellAll(stage: Stage): Facts {
  const told = Object.values<HardCase>(cases).map((each) => factsOf(each, stage));
  return {
    people: told.flatMap((facts) => facts.people),
    deals: told.flatMap((facts) => facts.deals),
    conversations: told.flatMap((facts) => facts.conversations),
  };
}

function factsOf(each: HardCase, stage: Stage): Facts {
  return { people: [], deals: [], conversations: [], ...each.tell(stage) };
}

function among<T extends { readonly key: string }>(all: readonly T[], wanted: readonly T[]): T[] {
  const keys = new Set(wanted.map((fact) => fact.key));
  return all.filter((fact) => keys.has(fact.key));
}
