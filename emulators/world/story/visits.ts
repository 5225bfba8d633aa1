import type { WorldConversation, WorldPerson, WorldResponse, WorldVisit } from '../world.ts';
import { site } from './campaigns.ts';
import { type Chance, chance } from './chance.ts';
import { referrerOf } from './conversation.ts';
import type { Course } from './course.ts';
import { day, hour, minute, type Scene, second, visitor } from './scene.ts';

type Untold = Omit<WorldVisit, 'key'>;

const reading = ['/', '/product', '/pricing', '/customers', '/integrations', '/security', '/docs'];

export interface VisitSettings {
  readonly responses: readonly WorldResponse[];
  readonly conversations: readonly WorldConversation[];
  readonly courses: readonly Course[];
}

/** The visits in which forms were sent and chats held, and some of buyers who only read. Oldest first. */
export function tellVisits(scene: Scene, told: VisitSettings): WorldVisit[] {
  const draw = chance(scene.seed, 'visits');
  const visits = [
    ...told.responses.flatMap((response) => formVisit(scene, draw, response)),
    ...told.conversations.map((chat) => chatVisit(draw, chat)),
    ...told.courses.flatMap((course) =>
      course.people.flatMap((person) => readers(scene, draw, course, person)),
    ),
  ].filter(({ startedAt, endedAt }) => startedAt < endedAt && endedAt <= scene.now);
  return visits
    .sort((a, b) => a.startedAt - b.startedAt)
    .map((visit, index) => ({ key: `w-${String(index + 1).padStart(4, '0')}`, ...visit }));
}

/** The form's page is where the visit began: its UTM says what brought the person. */
function formVisit(scene: Scene, draw: Chance, { personKey, at, pageUrl }: WorldResponse): Untold[] {
  if (pageUrl === null) return [];
  const startedAt = at - draw.int(40, 110) * second;
  const source = new URL(pageUrl).searchParams.get('utm_source') ?? undefined;
  return [
    {
      visitorId: visitor(scene, personKey),
      personKey,
      startedAt,
      endedAt: Math.min(at + draw.int(5, 90) * second, scene.now),
      referrer: referrerOf(source),
      pages: [{ at: startedAt, url: pageUrl }],
    },
  ];
}

function chatVisit(draw: Chance, chat: WorldConversation): Untold {
  const startedAt = chat.startedAt - draw.int(15, 120) * second;
  const { visitorId, personKey, referrer, endedAt, landingPage } = chat;
  return {
    ...{ visitorId, personKey, referrer, startedAt },
    endedAt: endedAt + draw.int(1, 200) * second,
    pages: [{ at: startedAt, url: landingPage }],
  };
}

function readers(
  scene: Scene,
  draw: Chance,
  { from, to }: Course,
  { key, createdAt }: WorldPerson,
): Untold[] {
  return Array.from({ length: draw.int(1, 3) }, () => {
    const least = Math.max(from, createdAt) + hour;
    const startedAt = Math.round(least + Math.max(0, Math.min(to, scene.now - day) - least) * draw.next());
    let at = startedAt;
    const pages = draw.shuffled(reading).slice(0, draw.int(1, 4));
    const read = pages.map((path) => {
      const page = { at, url: `${site}${path}` };
      at += draw.int(20, 240) * second;
      return page;
    });
    const rest = { startedAt, endedAt: at + minute, referrer: null, pages: read };
    return { visitorId: visitor(scene, key), personKey: key, ...rest };
  });
}
