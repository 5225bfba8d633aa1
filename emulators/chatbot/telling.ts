/** How a chatbot tells a conversation: one event for each thing that happened. */

import type { Json, JsonObject } from '../../src/support/json.ts';
import type { World, WorldConversation, WorldPerson } from '../world/world.ts';

export interface ToldEvent {
  readonly at: number;
  readonly event: JsonObject;
}

/** All conversations of the world in the order in which things happened. */
export function tellWorld(world: World): ToldEvent[] {
  const people = new Map(world.people.map((person) => [person.key, person]));
  const told = world.conversations.flatMap((chat) =>
    tellConversation(chat, people.get(chat.personKey ?? '')),
  );
  return told.sort((a, b) => a.at - b.at);
}

type Step = readonly [at: number, type: string, rest: Readonly<Record<string, Json | undefined>>];

function tellConversation(chat: WorldConversation, person: WorldPerson | undefined): ToldEvent[] {
  const steps = stepsOf(chat, person).sort(([one], [other]) => one - other);
  const namedAt = chat.identifiedAs?.at ?? Number.POSITIVE_INFINITY;
  return steps.map(([at, type, rest], index) => ({
    at,
    event: present({
      id: `ev_${chat.key}_${index + 1}`,
      type,
      at: new Date(at).toISOString(),
      sessionId: `cs_${chat.key}`,
      visitorId: chat.visitorId,
      userId: at >= namedAt ? `cu_${chat.personKey}` : undefined,
      ...rest,
    }),
  }));
}

function stepsOf(chat: WorldConversation, person: WorldPerson | undefined): Step[] {
  const { landingPage, referrer, language, topic, identifiedAs, goal, handedOffAt, rating } = chat;
  return [
    [
      chat.startedAt,
      'session.started',
      { landingPage, referrer, language, channel: 'web', holdout: false, url: pageOf(chat) },
    ],
    ...chat.messages.map(({ at, from, text }): Step => [at, 'message', { from, text }]),
    ...chat.intents.map(({ at, name, confidence }): Step => [at, 'intent', { name, confidence, topic }]),
    ...chat.fallbacks.map((at): Step => [at, 'fallback', {}]),
    ...(identifiedAs ? [identification(identifiedAs, person)] : []),
    ...(goal ? [[goal.at, 'goal', { name: goal.name }] satisfies Step] : []),
    ...(handedOffAt === null
      ? []
      : [[handedOffAt, 'handoff', { to: topic === 'support' ? 'support' : 'sales' }] satisfies Step]),
    ...(rating ? [[rating.at, 'feedback', { rating: rating.score }] satisfies Step] : []),
    [chat.endedAt, 'session.ended', { topic, messages: chat.messages.length }],
  ];
}

function identification(
  who: NonNullable<WorldConversation['identifiedAs']>,
  person: WorldPerson | undefined,
): Step {
  const { at, email, name, phone, company } = who;
  const names = { firstName: person?.firstName ?? undefined, lastName: person?.lastName };
  return [at, 'identified', { email, name, ...names, phone, company }];
}

function present(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  const told: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) told[name] = value;
  return told;
}

/** Where the company's people would read it. */
function pageOf({ key }: WorldConversation): string {
  return `https://chat.example/conversations/cs_${key}`;
}
