/** What people answer who have no deal, or no longer one. */
import type { WorldCompany, WorldPerson } from '../world.ts';
import { type Answer, firstAnswer, type Listed, laterAnswer } from './answers.ts';
import { type Chance, chance } from './chance.ts';
import type { Course } from './course.ts';
import type { Range } from './market.ts';
import { day, minute, type Scene } from './scene.ts';

/** Days from one answer to the next. */
const gaps: Readonly<Record<'followers' | 'others' | 'afterLoss', Range>> = {
  followers: [4, 26],
  others: [2, 40],
  afterLoss: [5, 60],
};

/** People who have no deal: what brought them, and for some a few things more. A few follow for months and never buy. */
export function answersOfOthers(
  scene: Scene,
  listed: Listed,
  people: readonly WorldPerson[],
  companies: readonly WorldCompany[],
): Answer[] {
  const draw = chance(scene.seed, 'answers of others');
  const customers = new Set(companies.flatMap(({ key, customer }) => (customer ? [key] : [])));
  const lasting = people.filter((person) => !person.deleted && !person.mergedInto);
  return lasting.flatMap((person) => {
    const first = firstAnswer(draw, listed, person);
    const customer = customers.has(person.companyKey ?? '');
    const follows = draw.flip(customer ? 0.5 : 0.15);
    const since = { at: person.createdAt, customer, gap: follows ? gaps.followers : gaps.others };
    const more = answersFrom(scene, draw, listed, person, { ...since, most: follows ? 40 : draw.int(0, 3) });
    return first ? [first, ...more] : more;
  });
}

/** Who did not buy after all is still written to, and some still answer. */
export function answersAfterLoss(scene: Scene, listed: Listed, courses: readonly Course[]): Answer[] {
  const draw = chance(scene.seed, 'answers after a loss');
  const last = new Map(courses.map((course) => [course.deal.companyKey, course]));
  return [...last.values()].flatMap(({ deal, people }) => {
    const lost = deal.stages.at(-1);
    if (lost?.stage !== 'lost') return [];
    const since = { at: lost.at, customer: deal.kind !== 'new business', gap: gaps.afterLoss };
    return people.flatMap((person) =>
      answersFrom(scene, draw, listed, person, { ...since, most: draw.int(1, 5) }),
    );
  });
}

interface Since {
  readonly at: number;
  readonly customer: boolean;
  readonly gap: Range;
  readonly most: number;
}

/** One after the other, until today. */
function answersFrom(
  scene: Scene,
  draw: Chance,
  listed: Listed,
  person: WorldPerson,
  { at: from, customer, gap, most }: Since,
): Answer[] {
  const answers: Answer[] = [];
  let at = from;
  for (let turn = 0; turn < most; turn += 1) {
    at += draw.int(...gap) * day + draw.int(1, 600) * minute;
    if (at >= scene.now - minute) break;
    const answer = laterAnswer(scene, draw, listed, person, { at, customer, invited: false });
    if (answer) answers.push(answer);
  }
  return answers;
}
