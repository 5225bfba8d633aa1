import type { DealKind, WorldConversation, WorldPerson, WorldUtm } from '../world.ts';
import { runningUtm } from './campaigns.ts';
import { type Chance, chance } from './chance.ts';
import { type DealChats, noChats } from './chat-plan.ts';
import { type ChatPlan, converse } from './conversation.ts';
import type { Course } from './course.ts';
import { languages, type Topic } from './dialogues.ts';
import { ago, day, hour, minute, type Scene, visitor } from './scene.ts';

type Talk = (plan: Omit<ChatPlan, 'key'>) => WorldConversation;

/** What people ask about before their deal is made and afterwards, by what the deal is about. Questions to support come from customers. */
const askedAbout: Readonly<
  Record<DealKind, { readonly before: readonly Topic[]; readonly after: readonly Topic[] }>
> = {
  'new business': { before: ['pricing', 'demo', 'integration'], after: ['integration', 'pricing'] },
  expansion: { before: ['support'], after: ['support', 'pricing', 'integration'] },
  renewal: { before: ['support'], after: ['support', 'support', 'pricing'] },
};

export interface ChatSettings {
  readonly courses: readonly Course[];
  readonly plan: ReadonlyMap<string, DealChats>;
  /** People without a deal. */
  readonly others: readonly WorldPerson[];
  readonly count: number;
}

/** Buyers, then customers with a question, then leads, then passers-by without a name until `count` is reached. */
export function tellChats(scene: Scene, { courses, plan, others, count }: ChatSettings): WorldConversation[] {
  const draw = chance(scene.seed, 'chats');
  const talk = talker(draw);
  const named = [
    ...courses.flatMap((course) =>
      chatsOfDeal(scene, draw, talk, course, plan.get(course.deal.key) ?? noChats),
    ),
    ...courses.flatMap((course) => questionOf(scene, draw, talk, course, courses)),
    ...others
      .filter((person) => person.email && (mustChat(person) || draw.flip(0.65)))
      .flatMap((person) => chatOfLead(scene, draw, talk, person)),
  ].slice(0, count);
  const strangers = Array.from({ length: count - named.length }, (_, index) =>
    stranger(scene, draw, talk, index),
  );
  return [...named, ...strangers];
}

function talker(draw: Chance): Talk {
  let told = 0;
  return (plan) => {
    told += 1;
    return converse(draw, {
      key: `s-${String(told).padStart(4, '0')}`,
      misunderstood: draw.flip(0.12),
      handedOff: draw.flip(0.15),
      rating: draw.flip(0.3) ? draw.int(1, 5) : null,
      ...plan,
    });
  };
}

function chatsOfDeal(
  scene: Scene,
  draw: Chance,
  talk: Talk,
  course: Course,
  { first, between, last }: DealChats,
): WorldConversation[] {
  const moments = [
    ...(first ? [course.from] : []),
    ...Array.from({ length: between }, () => momentBetween(draw, course)).flat(),
    ...(last ? [momentAfterAll(draw, course)] : []),
  ];
  return moments.flatMap((moment) => {
    const at = Math.round(moment);
    const isFirst = at === course.from;
    const person = isFirst ? course.people[0] : whoIsThere(draw, course, at);
    if (!person?.email || at >= scene.now - hour) return [];
    const { before, after } = askedAbout[course.deal.kind];
    const topic = draw.pick(at < course.deal.createdAt ? before : after);
    return talk({ ...browser(scene, draw, person), person, at, topic });
  });
}

/**
 * Between two of the deal's answers and calls, any of them as likely: neither the first nor the last of all. Who looks
 * after a customer is there first. None where there are no two.
 */
function momentBetween(draw: Chance, { deal, answers, work, to }: Course): number[] {
  const from = deal.kind === 'new business' ? 0 : (work[0]?.at ?? to);
  // Three in four come before the last answer, so that chats are the last word of buyers no more often than others.
  const until = draw.flip(0.75) ? Math.max(...answers.map(({ at }) => at)) : to;
  const times = [...answers, ...work]
    .map(({ at }) => at)
    .filter((at) => at >= from && at <= until && at < to)
    .sort((a, b) => a - b);
  if (times.length < 2) return [];
  const index = draw.int(0, times.length - 2);
  const [start = to, end = to] = times.slice(index);
  return [start + (end - start) * (0.2 + 0.6 * draw.next())];
}

/** After the last answer and the last call, and before the end. */
function momentAfterAll(draw: Chance, { answers, work, to }: Course): number {
  const latest = [...answers, ...work].map(({ at }) => at).filter((at) => at < to);
  const from = Math.max(...latest, to - 30 * day);
  return from + (to - from) * (0.2 + 0.7 * draw.next());
}

function whoIsThere(draw: Chance, { people }: Course, at: number): WorldPerson | undefined {
  const there = people.filter((person) => person.createdAt <= at && person.email);
  return there.length > 0 ? draw.pick(there) : undefined;
}

/** Mostly at the desk, where they say who they are; on the phone the chat knows it from the account. */
function browser(
  scene: Scene,
  draw: Chance,
  person: WorldPerson,
): Pick<ChatPlan, 'visitorId' | 'identified'> {
  return { visitorId: visitor(scene, person.key, draw.flip(0.85) ? 1 : 2), identified: true };
}

/** After a deal is won somebody needs help, unless the next deal has begun by then. */
function questionOf(
  scene: Scene,
  draw: Chance,
  talk: Talk,
  { deal, people }: Course,
  courses: readonly Course[],
): WorldConversation[] {
  const won = deal.stages.at(-1);
  const at = Math.round((won?.at ?? 0) + draw.int(4, 50) * day + draw.int(1, 500) * minute);
  const goesOn = courses.some(
    (other) => other.deal.companyKey === deal.companyKey && other.deal.createdAt > deal.createdAt,
  );
  if (won?.stage !== 'won' || goesOn || at >= scene.now - hour || !draw.flip(0.6)) return [];
  const person = draw.pick(people);
  return person.email ? [talk({ ...browser(scene, draw, person), person, at, topic: 'support' })] : [];
}

function chatOfLead(scene: Scene, draw: Chance, talk: Talk, person: WorldPerson): WorldConversation[] {
  const topic = draw.pick(askedAbout['new business'].before);
  const own = browser(scene, draw, person);
  const at = Math.round(person.createdAt + (mustChat(person) ? 0 : draw.int(1, 20) * day * draw.next()));
  if (at >= scene.now - hour) return [];
  const chat = talk({ ...own, person, at, topic, utm: person.utm });
  const again = at + Math.round(draw.int(1, 12) * day + hour);
  if (again >= scene.now - hour || !draw.flip(0.4)) return [chat];
  return [chat, talk({ ...own, person, at: again, topic: draw.pick(askedAbout['new business'].before) })];
}

/** Neither CRM knows the person: the chat is where they come from. */
function mustChat(person: WorldPerson): boolean {
  return !person.salesforce && !person.hubspot;
}

function stranger(scene: Scene, draw: Chance, talk: Talk, index: number): WorldConversation {
  const at = ago(scene, draw.int(1, 360) + draw.next());
  return talk({
    visitorId: visitor(scene, `stranger ${Math.floor(index / 1.3)}`),
    person: null,
    at,
    topic: draw.pick(['pricing', 'integration', 'demo', 'support']),
    utm: draw.flip(0.5) ? anyUtm(scene, draw, at) : undefined,
    language: draw.flip(0.6) ? 'en' : draw.pick(languages),
  });
}

function anyUtm(scene: Scene, draw: Chance, at: number): WorldUtm | undefined {
  return runningUtm(scene, draw, { createdAt: at, company: null });
}
