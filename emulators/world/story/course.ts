/** What happens around one deal from the first touch to its end: answers to campaigns, and the work of sales. */
import type { WorldDeal, WorldPerson } from '../world.ts';
import { type Answer, firstAnswer, type Listed, laterAnswer } from './answers.ts';
import { type Chance, chance } from './chance.ts';
import type { Everybody } from './everybody.ts';
import { dealSizes, rates, type Size, sizeOrder } from './market.ts';
import { endOf, type Work, workOn } from './sales.ts';
import { ago, day, hour, type Scene } from './scene.ts';
import type { Facts } from './stage.ts';

export interface Course {
  readonly deal: WorldDeal;
  readonly people: readonly WorldPerson[];
  /** Of the first touch, ms. */
  readonly from: number;
  /** After the last one, ms. */
  readonly to: number;
  readonly answers: readonly Answer[];
  readonly work: readonly Work[];
}

/** One for each deal, in the order of the deals. */
export function tellCourses(scene: Scene, listed: Listed, told: Everybody): Course[] {
  const draw = chance(scene.seed, 'courses');
  const byKey = new Map(told.people.map((person) => [person.key, person]));
  const frames = new Map(told.frames.map((frame) => [frame.key, frame]));
  return told.deals.map((deal) => {
    const people = deal.people.flatMap(({ personKey }) => byKey.get(personKey) ?? []);
    const from = frames.get(deal.key)?.from ?? startOf(scene, deal, told.hard.conversations);
    return courseOf(scene, draw, listed, deal, {
      ...{ from, people, customer: deal.kind !== 'new business' },
      requested: !frames.has(deal.key) || draw.flip(requestedShare),
      others: chatsOf(deal, told),
    });
  });
}

/** How many chats the deal has, or a hard case tells of its people. */
function chatsOf({ key, people }: WorldDeal, { plan, hard }: Everybody): number {
  const own = plan.get(key);
  if (own) return Number(own.first) + own.between + Number(own.last);
  const buyers = new Set(people.map(({ personKey }) => personKey));
  return hard.conversations.filter(({ personKey }) => buyers.has(personKey ?? '')).length;
}

/** A hard case that is about a chat that came first begins with it. */
const beginWithChat: ReadonlySet<string> = new Set(['d-identified-later', 'd-converted-after-chat']);

/** Of a hard case: some days before its first chat that is not too old to matter. */
function startOf(scene: Scene, deal: WorldDeal, chats: Facts['conversations']): number {
  if (beginWithChat.has(deal.key)) return deal.createdAt;
  const buyers = new Set(deal.people.map(({ personKey }) => personKey));
  const recent = chats
    .filter(
      ({ personKey, startedAt }) => buyers.has(personKey ?? '') && startedAt > deal.createdAt - 60 * day,
    )
    .map(({ startedAt }) => startedAt);
  return Math.max(Math.min(deal.createdAt, ...recent) - 8 * day, ago(scene, 364));
}

interface DealSettings {
  readonly from: number;
  /** Touches that others tell: the chats. */
  readonly others: number;
  readonly people: readonly WorldPerson[];
  readonly customer: boolean;
  /** Somebody's request makes the deal. */
  readonly requested: boolean;
}

/** Share of the invented deals that somebody's request makes. */
const requestedShare = 0.75;

function courseOf(
  scene: Scene,
  draw: Chance,
  listed: Listed,
  deal: WorldDeal,
  { from, others, people, ...asked }: DealSettings,
): Course {
  const size = dealSize(deal);
  const to = endOf(scene, deal, size);
  const work = workOn(scene, draw, deal, size);
  const first = people
    .filter((person) => person.createdAt >= from)
    .flatMap((person) => firstAnswer(draw, listed, person) ?? []);
  const isLost = deal.stages.at(-1)?.stage === 'lost';
  const missing = isLost ? draw.int(...dealSizes[size].fewerIfLost) : 0;
  const wanted = draw.int(...dealSizes[size].touches) - missing - first.length - others;
  const course = { deal, people, from, to, work };
  const later = laterAnswers(scene, draw, listed, course, { ...asked, wanted });
  return { ...course, answers: [...first, ...later] };
}

/**
 * What makes many a deal is a last request. The others come whenever people have time for them, before the deal is made
 * and, twice as often, after: nobody reads a guide because a contract is about to be signed. Not everybody can be asked on
 * every day, so some tries are lost.
 */
function laterAnswers(
  scene: Scene,
  draw: Chance,
  listed: Listed,
  course: Omit<Course, 'answers'>,
  { wanted, customer, requested }: Pick<DealSettings, 'customer' | 'requested'> & { readonly wanted: number },
): Answer[] {
  const { people, to, deal } = course;
  const lean = leanOf(deal);
  const spans = spansOf(draw, course, requested);
  const answers: Answer[] = [];
  for (let turn = 0; answers.length < wanted && turn < 4 * wanted; turn += 1) {
    const person = people[turn % people.length];
    const [least, most] = spans[turn] ?? spans[2 + (turn % 3)] ?? [to, to];
    const at = Math.round(
      Math.max(least, person?.createdAt ?? 0) + hour + (most - least) * lean(draw.next()),
    );
    if (!person || at >= Math.min(to, scene.now)) continue;
    const answer = laterAnswer(scene, draw, listed, person, { at, customer, invited: turn === 1 });
    if (answer) answers.push(answer);
  }
  return answers;
}

/** Where in their time people answer, 0 to 1: more and more often before they buy, less and less before they do not. */
function leanOf({ stages }: WorldDeal): (even: number) => number {
  const end = stages.at(-1)?.stage;
  if (end === 'won') return (even) => 1 - even ** lean;
  return end === 'lost' ? (even) => even ** lean : (even) => even;
}

const lean = 1.5;

type Span = readonly [from: number, to: number];

/** The request, what a customer's time begins with, and then in turn after and before the deal was made. */
function spansOf(draw: Chance, { deal, from, to }: Omit<Course, 'answers'>, requested: boolean): Span[] {
  const before: Span = [from, deal.createdAt];
  const request: Span = [Math.max(from, deal.createdAt - draw.int(3, 20) * hour), deal.createdAt];
  const after: Span = [deal.createdAt, to];
  const begin: Span = deal.kind === 'new business' ? after : [from, from + 3 * day];
  return [requested ? request : before, begin, after, before, after];
}

/** By its amount. */
function dealSize({ amountMinor, currency }: WorldDeal): Size {
  const rate = Object.entries(rates).find(([code]) => code === currency)?.[1] ?? 1;
  const thousands = amountMinor / (currency === 'JPY' ? 1 : 100) / rate / 1_000;
  return sizeOrder.findLast((size) => thousands >= dealSizes[size].worth[0]) ?? 'small';
}
