/** A deal's journey: the touches of all its people within the lookback window, each counted once. */
import type { Journey, Milestone, Touch } from '../attribution/model.ts';
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Entity } from '../canonical/model.ts';
import { conversionTime, isConversion } from './conversion.ts';

export interface JourneySettings {
  readonly lookbackDays: number;
  /** "As of", ms: an open deal's journey ends here. */
  readonly now: number;
}

/** Raw material as the store gives it; see `DealFacts`. */
export interface JourneyFacts {
  readonly people: readonly { readonly id: string }[];
  readonly events: readonly { readonly person: string | null; readonly event: CanonicalEvent }[];
  /** What conversations were about, by session. */
  readonly topics: ReadonlyMap<string, string>;
  /** What is known of the people, for models that ask. */
  readonly covariates?: Readonly<Record<string, number>>;
}

export interface DealJourney {
  readonly journey: Journey;
  /** Where each touch took place, where its system tells (`web`, `whatsapp`), same order. */
  readonly via: readonly (string | null)[];
  /** What each touch was about, where known, same order. */
  readonly topics: readonly (string | null)[];
  /** Touches that were left out because they lie before the window or after the close. */
  readonly outside: number;
}

const dayMs = 86_400_000;

/** A vendor's sending or a mail client's preview is nobody's engagement. */
const notEngagement: ReadonlySet<string> = new Set(['touch.email_sent', 'touch.email_opened']);

export function buildJourney(
  deal: Entity,
  facts: JourneyFacts,
  people: ReadonlyMap<string, Entity>,
  { lookbackDays, now }: JourneySettings,
): DealJourney {
  const end = conversionTime(deal, now);
  const all = engagements(facts);
  const inside = all.filter(({ event }) => event.time <= end && event.time > end - lookbackDays * dayMs);
  const touches = inside.map(({ event, person }) => touchOf(event, person));
  return {
    journey: {
      touches,
      conversionTime: end,
      converted: isConversion(deal),
      milestones: milestones(deal, facts, people, touches),
      covariates: facts.covariates ?? {},
    },
    via: inside.map(({ event }) => (typeof event.data.channel === 'string' ? event.data.channel : null)),
    topics: inside.map(({ event }) => topicOf(event, facts.topics)),
    outside: all.length - inside.length,
  };
}

interface PersonTouch {
  readonly person: string;
  readonly event: CanonicalEvent;
}

/** Oldest first; a touch that reached the deal through two people counts once, for the first of them. */
function engagements(facts: JourneyFacts): PersonTouch[] {
  const once = new Map<string, PersonTouch>();
  for (const { person, event } of facts.events) {
    if (person === null || !isEngagement(event)) continue;
    if (!once.has(event.id)) once.set(event.id, { person, event });
  }
  return [...once.values()].sort((a, b) => a.event.time - b.event.time || (a.event.id < b.event.id ? -1 : 1));
}

export function isEngagement({ type }: CanonicalEvent): boolean {
  return type.startsWith('touch.') && !notEngagement.has(type);
}

/** Through whatever campaign a visitor came, a chat is the chatbot's touch. */
export function touchOf(event: CanonicalEvent, person: string): Touch {
  const channel = event.type === 'touch.chat' ? 'Chat' : String(event.data.channel ?? 'Unassigned');
  return { eventId: event.id, time: event.time, channel, type: event.type, person };
}

/** A session's first event cannot know its topic; the conversation that it became does. */
function topicOf(event: CanonicalEvent, topics: ReadonlyMap<string, string>): string | null {
  const { topic, subject, session } = event.data;
  if (typeof topic === 'string') return topic;
  if (typeof session === 'string') return topics.get(session) ?? null;
  return typeof subject === 'string' ? subject : null;
}

function milestones(
  deal: Entity,
  facts: JourneyFacts,
  people: ReadonlyMap<string, Entity>,
  touches: readonly Touch[],
): Partial<Record<Milestone, number>> {
  const created = facts.people.flatMap(({ id }) => timeField(people.get(id), 'createdAt') ?? []);
  const found: Partial<Record<Milestone, number | undefined>> = {
    firstTouch: touches[0]?.time,
    leadCreated: created.length > 0 ? Math.min(...created) : undefined,
    dealCreated: timeField(deal, 'createdAt'),
    closed: isConversion(deal) ? timeField(deal, 'closedAt') : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, time]) => time !== undefined));
}

function timeField(entity: Entity | undefined, name: string): number | undefined {
  const value = entity?.fields[name];
  return typeof value === 'number' ? value : undefined;
}
