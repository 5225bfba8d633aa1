/** A touch of a deal's journey as it is kept: a row, so that thousands of them stay small. */
import type { Touch } from '../attribution/model.ts';
import type { DealJourney } from '../journey/build.ts';
import type { ChatTold } from '../journey/conversations.ts';
import type { Origin } from '../journey/origins.ts';

/** Event, time, channel, type, person, topic, via, and what else is told of it where anything is. */
export type KeptTouch = readonly [
  ...[string, number, string, string, string, string | null, string | null],
  ...([] | [KeptMore]),
];

type KeptMore = Readonly<Partial<Record<keyof Origin | keyof ChatTold, string>>>;

export function keptTouches(journey: DealJourney): KeptTouch[] {
  const { topics, via, origins = [], chats = [] } = journey;
  return journey.journey.touches.map((touch, index) => {
    const row = [...keptTouch(touch, topics[index], via[index])] as const;
    const more: KeptMore = Object.fromEntries(
      Object.entries({ ...origins[index], ...chats[index] }).filter(([, told]) => told !== null),
    );
    return Object.keys(more).length === 0 ? row : [...row, more];
  });
}

export function keptTouch(
  { eventId, time, channel, type, person }: Touch,
  topic: string | null = null,
  via: string | null = null,
) {
  return [eventId, time, channel, type, person, topic, via] as const;
}

export function touchFrom([eventId, time, channel, type, person]: KeptTouch): Touch {
  return { eventId, time, channel, type, person };
}

/** What stands beside the touches of a journey, in their order. */
export function besidesFrom(touches: readonly KeptTouch[]) {
  return {
    topics: touches.map((touch) => touch[5]),
    via: touches.map((touch) => touch[6]),
    origins: touches.map((touch) => originFrom(touch[7])),
    chats: touches.map((touch) => (touch[3] === 'touch.chat' ? chatFrom(touch[7]) : null)),
  };
}

function originFrom(more: KeptMore = {}): Origin {
  const { campaign = null, source = null, medium = null, content = null, bot = null } = more;
  return { campaign, source, medium, content, bot };
}

function chatFrom({ session, goal, url }: KeptMore = {}): ChatTold {
  return { session: session ?? null, goal: goal ?? null, url: url ?? null };
}
