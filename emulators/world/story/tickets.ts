import type { WorldConversation, WorldTicket } from '../world.ts';
import { chance } from './chance.ts';
import type { Course } from './course.ts';
import { day, hour, minute, type Scene } from './scene.ts';

const questions: readonly (readonly [subject: string, priority: WorldTicket['priority']])[] = [
  ['Export stops at 90 %', 'medium'],
  ['Single sign-on: certificate has ended', 'high'],
  ['Invoice goes to the wrong address', 'low'],
  ['Second language for the greeting', 'low'],
  ['Chat window covers the basket on phones', 'medium'],
  ['Report differs from the CRM by one day', 'medium'],
  ['New colleague cannot be invited', 'medium'],
  ['Messages arrive late since noon', 'high'],
];
const solvedWithin: Readonly<Record<WorldTicket['priority'], number>> = { high: 2, medium: 6, low: 12 };

/**
 * What customers ask support: by mail and form in the weeks after a deal is won, and whatever the chatbot handed to a
 * colleague.
 */
export function tellTickets(
  scene: Scene,
  courses: readonly Course[],
  conversations: readonly WorldConversation[],
): WorldTicket[] {
  const draw = chance(scene.seed, 'tickets');
  const asked = courses.flatMap((course): Omit<WorldTicket, 'key' | 'solvedAt'>[] => {
    const won = course.deal.stages.at(-1);
    if (won?.stage !== 'won') return [];
    return Array.from({ length: draw.int(0, 2) }, () => {
      const [subject, priority] = draw.pick(questions);
      return {
        ...from(course, draw.pick(course.people).key),
        ...{ subject, priority, source: draw.pick(['email', 'form'] as const), conversationKey: null },
        createdAt: won.at + Math.round(draw.int(2, 80) * day + draw.int(1, 500) * minute),
      };
    });
  });
  const byPerson = new Map(
    courses.flatMap((course) => course.people.map(({ key }) => [key, course] as const)),
  );
  const handed = conversations.flatMap(({ key, personKey, topic, handedOffAt }) => {
    const course = byPerson.get(personKey ?? '');
    if (topic !== 'support' || handedOffAt === null || personKey === null || !course) return [];
    const [subject, priority] = draw.pick(questions);
    const rest = { source: 'chat', conversationKey: key, createdAt: handedOffAt + minute } as const;
    return { ...from(course, personKey), subject, priority, ...rest };
  });
  return [...asked, ...handed]
    .filter(({ createdAt }) => createdAt < scene.now - hour)
    .map((ticket, index) => {
      const solvedAt =
        ticket.createdAt + Math.round(draw.next() * solvedWithin[ticket.priority] * day + hour);
      const key = `t-${String(index + 1).padStart(3, '0')}`;
      return { key, ...ticket, solvedAt: solvedAt < scene.now ? solvedAt : null };
    });
}

function from(
  { deal: { companyKey, ownerKey } }: Course,
  personKey: string,
): Pick<WorldTicket, 'personKey' | 'companyKey' | 'ownerKey'> {
  return { personKey, companyKey, ownerKey };
}
