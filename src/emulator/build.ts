/** Makes the seeded world. Same seed and same today, same bytes. */
import { tellActivities } from './story/activities.ts';
import { tellCampaigns } from './story/campaigns.ts';
import { chatCases } from './story/cases/chats.ts';
import { dealCases } from './story/cases/deals.ts';
import { peopleCases } from './story/cases/people.ts';
import { tellChats } from './story/chats.ts';
import { tellCompanies, users } from './story/companies.ts';
import { convertSome, tellDeals } from './story/deals.ts';
import { tellColleagues, tellLoners } from './story/people.ts';
import { tellResponses } from './story/responses.ts';
import { openScene } from './story/scene.ts';
import { type Facts, type HardCase, openStage, type Stage } from './story/stage.ts';
import type { World } from './world.ts';

const today = Date.parse('2026-06-30T12:00:00Z');
const totals = { companies: 60, people: 320, deals: 150, conversations: 500 };

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
  const hard = tellAll(stage);
  const cast = Object.values(stage.cast);
  const companies = tellCompanies(scene, totals.companies - cast.length);
  const colleagues = tellColleagues(scene, companies);
  const invented = tellDeals(scene, companies, colleagues, totals.deals - hard.deals.length);
  const loners = tellLoners(scene, totals.people - hard.people.length - colleagues.length);
  const others = [...convertSome(scene, colleagues, invented), ...loners];
  const chats = tellChats(scene, invented, others, totals.conversations - hard.conversations.length);
  const campaigns = tellCampaigns(scene);
  const people = [...hard.people, ...others];
  const deals = [...hard.deals, ...invented];
  return {
    seed,
    now,
    users,
    companies: [...cast, ...companies],
    people,
    campaigns,
    responses: tellResponses(scene, campaigns, people),
    deals,
    activities: tellActivities(scene, deals, people),
    conversations: [...hard.conversations, ...chats],
  };
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
