/** A deal's journey: the touches of all its people in its window, each counted once. */
import type { Journey, Milestone, Touch } from '../attribution/model.ts';
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Entity } from '../canonical/model.ts';
import { type ChatTold, type Conversations, chatOf, topicOf } from './conversations.ts';
import { isConversion, journeyEnd } from './conversion.ts';
import { type Covariate, historiesIn } from './covariates.ts';
import { historyOf } from './history.ts';
import type { LeftOutBecause } from './left-out.ts';
import { type Origin, originOf } from './origins.ts';
import { changesAt } from './passing.ts';
import { type FoldedTouch, type PersonEvent, type Touches, type TouchRules, touchesOf } from './touches.ts';
import { isWithin, type Window, type WindowSettings, windowOf } from './window.ts';

export interface JourneySettings extends WindowSettings {
  /** "As of", ms: nothing later is looked at. */
  readonly now: number;
  readonly rules: TouchRules;
}

/** Raw material as the store gives it; see `DealFacts`. */
export interface JourneyFacts {
  readonly people: readonly { readonly id: string }[];
  readonly events: readonly { readonly person: string | null; readonly event: CanonicalEvent }[];
  /** Absent: nothing is told of any. */
  readonly conversations?: Conversations;
  /** What is known of the people, for models that ask. */
  readonly covariates?: Readonly<Record<string, number>>;
  /** What models ask of the time before the people's first touches; absent: nothing. */
  readonly histories?: readonly Covariate[];
  /** By person: the parts of their time that earlier deals have used up. */
  readonly usedUp?: ReadonlyMap<string, readonly Window[]>;
  /** When the next of their other deals is to be closed, by its date, ms. */
  readonly othersClose?: number | undefined;
}

/** How many touches do not count, by where they lie. */
export interface Outside {
  /** They lie before the window. */
  readonly before: number;
  /** An earlier deal of the same person has used them up. */
  readonly used: number;
  /** They lie after the end of the deal; of an open one: in the future. */
  readonly after: number;
}

export interface DealJourney {
  readonly journey: Journey;
  /** Where each touch took place, where its system tells (`web`, `whatsapp`), same order. */
  readonly via: readonly (string | null)[];
  /** What each touch was about, where known, same order. */
  readonly topics: readonly (string | null)[];
  /** Where each touch came from, same order; absent: nothing is told. */
  readonly origins?: readonly Origin[];
  /** What is told of each chat, same order, null for other touches; absent: nothing is told. */
  readonly chats?: readonly (ChatTold | null)[];
  readonly outside: Outside;
  /** How many touches came before the first that counts and do not count, those of sales included. */
  readonly earlier: number;
  /** When the journey becomes another although nothing is told until then, ms; absent: never by itself. */
  readonly changesAt?: number | null;
  /** Of sales, inside the window and without credit. */
  readonly apart?: readonly Touch[];
  /** How many inside the window are no touches, by why. */
  readonly leftOut?: Readonly<Partial<Record<LeftOutBecause | 'sales', number>>>;
}

export function buildJourney(
  deal: Entity,
  facts: JourneyFacts,
  people: ReadonlyMap<string, Entity>,
  settings: JourneySettings,
): DealJourney {
  const { rules, now } = settings;
  const { conversations = new Map() } = facts;
  const window = windowOf(deal, settings, now);
  const events = eventsOnce(facts);
  const told = (some: readonly PersonEvent[]) => touchesOf(some, rules, addressOf(people));
  // What comes after the end belongs to no visit before it.
  const until = told(events.filter(({ event }) => event.time <= window.to));
  const after = told(events.filter(({ event }) => event.time > window.to));
  const placeOf = (touch: Touch) => placeIn(window, facts.usedUp?.get(touch.person) ?? [], touch);
  const isInside = (touch: Touch) => placeOf(touch) === 'inside';
  const inside = until.touches.filter(({ touch }) => isInside(touch));
  const touches = inside.map(({ touch }) => touch);
  const places = counted(until.touches.map(({ touch }) => placeOf(touch)));
  return {
    journey: {
      touches,
      conversionTime: journeyEnd(deal, settings.now, touches.at(-1)?.time),
      converted: isConversion(deal),
      milestones: milestones(deal, facts, people, touches),
      covariates: { ...facts.covariates, ...historiesOf(facts, events, until.touches, people) },
    },
    via: inside.map(viaOf),
    topics: inside.map((touch) => topicOf(touch, conversations)),
    origins: inside.map(originOf),
    chats: inside.map((touch) => chatOf(touch, conversations)),
    outside: { before: places.before ?? 0, used: places.used ?? 0, after: after.touches.length },
    earlier: earlierThan(touches[0], until, isInside),
    changesAt: changesAt(deal, {
      ...settings,
      oldest: touches[0]?.time,
      next: after.touches[0]?.touch.time,
      othersClose: facts.othersClose,
    }),
    apart: until.apart.flatMap(({ touch }) => (isInside(touch) ? [touch] : [])),
    leftOut: counted(until.leftOut.flatMap(({ because, touch }) => (isInside(touch) ? [because] : []))),
  };
}

/** Of those people who have a touch until the end, whether it counts or not. */
function historiesOf(
  { histories = [] }: JourneyFacts,
  events: readonly PersonEvent[],
  touches: readonly FoldedTouch[],
  people: ReadonlyMap<string, Entity>,
): Readonly<Record<string, number>> {
  if (histories.length === 0) return {};
  const firsts = new Map<string, number>();
  for (const { touch } of touches) if (!firsts.has(touch.person)) firsts.set(touch.person, touch.time);
  const theirs = Map.groupBy(events, ({ person }) => person);
  const known = [...firsts].map(([person, first]) =>
    historyOf(
      people.get(person),
      (theirs.get(person) ?? []).map(({ event }) => event),
      first,
    ),
  );
  return historiesIn(histories, known);
}

/** Where a touch lies that is not after the end. */
function placeIn(window: Window, usedUp: readonly Window[], { time }: Touch): 'before' | 'used' | 'inside' {
  if (time <= window.from) return 'before';
  return usedUp.some((part) => isWithin(time, part)) ? 'used' : 'inside';
}

/** Touches that do not count and came before the first that does: a call by sales is one, a bot or a test is none. */
function earlierThan(
  first: Touch | undefined,
  { touches, apart, leftOut }: Touches,
  isInside: (touch: Touch) => boolean,
): number {
  if (first === undefined) return 0;
  const ordered = touches.findIndex(({ touch }) => touch.eventId === first.eventId);
  const sales = [...apart, ...leftOut.filter(({ because }) => because === 'sales')];
  return (
    touches.slice(0, ordered).filter(({ touch }) => !isInside(touch)).length +
    sales.filter(({ touch }) => touch.time < first.time).length
  );
}

/** An event that reached the deal through two people counts once, for the first of them. */
function eventsOnce(facts: JourneyFacts): PersonEvent[] {
  const once = new Map<string, PersonEvent>();
  for (const { person, event } of facts.events)
    if (person !== null && !once.has(event.id)) once.set(event.id, { person, event });
  return [...once.values()];
}

function addressOf(people: ReadonlyMap<string, Entity>): (person: string) => string | null {
  return (person) => {
    const email = people.get(person)?.fields.email;
    return typeof email === 'string' ? email : null;
  };
}

function counted<T extends string>(reasons: readonly T[]): Partial<Record<T, number>> {
  const counts: Partial<Record<T, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

function viaOf({ events }: FoldedTouch): string | null {
  const channel = events[0]?.data.channel;
  return typeof channel === 'string' ? channel : null;
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
