/**
 * What a touch is: one rule for deals and for fits. A visit goes on until nothing has happened for a while. Whatever
 * brought somebody during it (clicks, pages, forms) is one touch, of the first that names a source; all chats of it
 * are one touch, too, and so is a conversation that begins anew later. Calls, meetings, answers to campaigns and fairs
 * are a touch each, also where two systems tell of it.
 */

import type { Touch } from '../attribution/model.ts';
import { type CanonicalEvent, type EventType, sessionKey } from '../canonical/events.ts';
import { refText } from '../canonical/names.ts';
import type { LeaveOutRule, LeftOutBecause } from './left-out.ts';

export interface TouchRules {
  /** Nothing for so long ends a visit, minutes. */
  readonly visitMinutes: number;
  /** Calls, meetings and mails by staff: touches like others, listed without credit, or no touches. */
  readonly salesTouches: 'count' | 'apart' | 'leave out';
  /** Whether chats of a connection are the chatbot's. */
  isChatbot(connection: string): boolean;
  readonly leaveOut: LeaveOutRule;
}

export interface PersonEvent {
  readonly person: string;
  readonly event: CanonicalEvent;
}

/** A touch with the events that it stands for, in their order. */
export interface FoldedTouch {
  readonly touch: Touch;
  readonly events: readonly CanonicalEvent[];
}

export interface Touches {
  readonly touches: readonly FoldedTouch[];
  /** Of sales, listed without credit. */
  readonly apart: readonly FoldedTouch[];
  readonly leftOut: readonly { readonly because: LeftOutBecause | 'sales'; readonly touch: Touch }[];
}

/** Touches of one moment stand in this order, and then in that of their records' ids. */
const order: readonly EventType[] = [
  'touch.email_clicked',
  'touch.ad_click',
  'touch.page_view',
  'touch.form_submitted',
  'touch.chat',
  'touch.campaign_response',
  'touch.event_attended',
  'touch.email_sent',
  'touch.call',
  'touch.meeting',
];
const place: ReadonlyMap<string, number> = new Map(order.map((type, index) => [type, index]));

const arrivals: ReadonlySet<string> = new Set(order.slice(0, order.indexOf('touch.chat')));

/** A vendor's sending or a mail client's preview is nobody's engagement. */
const notEngagement: ReadonlySet<string> = new Set(['touch.email_sent', 'touch.email_opened']);
export const salesChannel = 'Sales';
const chatChannel = 'Chat';
/** Of chats with people. */
const liveChatChannel = 'Live Chat';
/** Visits of which nothing tells where they came from. */
const withoutSource: ReadonlySet<string> = new Set(['Direct', 'Unassigned']);
const minuteMs = 60_000;
/** Two systems that log one call round its time differently. */
const sameWithinMs = minuteMs;

/**
 * @param events of any types and in any order; what is no engagement is passed over
 * @param addressOf the e-mail address of a person, where it is known
 * @returns each list in the order of time
 */
export function touchesOf(
  events: readonly PersonEvent[],
  rules: TouchRules,
  addressOf: (person: string) => string | null,
): Touches {
  const engagements = events.filter(({ event }) => isEngagement(event)).sort(inOrder);
  const groups = Map.groupBy(engagements, ({ event, person }) => groupOf(event, addressOf(person), rules));
  const fold = (group: Group) => folded(groups.get(group) ?? [], rules);
  return {
    touches: fold('counted'),
    apart: fold('apart'),
    leftOut: (['employees', 'bots', 'tests', 'sales'] as const)
      .flatMap((because) => fold(because).map(({ touch }) => ({ because, touch })))
      .sort((a, b) => a.touch.time - b.touch.time),
  };
}

type Group = 'counted' | 'apart' | 'sales' | LeftOutBecause;

function groupOf(event: CanonicalEvent, address: string | null, rules: TouchRules): Group {
  const because = rules.leaveOut(event, address);
  if (because !== null) return because;
  if (!isBySales(event) || rules.salesTouches === 'count') return 'counted';
  return rules.salesTouches === 'apart' ? 'apart' : 'sales';
}

/** A call, a meeting or a mail of the company's own staff. */
export function isBySales({ type, data }: CanonicalEvent): boolean {
  return type === 'touch.call' || type === 'touch.meeting' || data.channel === salesChannel;
}

/** A mail that a salesperson wrote is a touch like a call; one that a system sent is none. */
function isEngagement(event: CanonicalEvent): boolean {
  if (event.type === 'touch.email_sent') return isBySales(event);
  return event.type.startsWith('touch.') && !notEngagement.has(event.type);
}

function inOrder(a: PersonEvent, b: PersonEvent): number {
  return (
    a.event.time - b.event.time ||
    placeOf(a.event) - placeOf(b.event) ||
    compared(refText(a.event.source), refText(b.event.source)) ||
    compared(a.event.id, b.event.id)
  );
}

function placeOf({ type }: CanonicalEvent): number {
  return place.get(type) ?? order.length;
}

function compared(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** A touch while its events are put together. */
interface Draft {
  readonly person: string;
  readonly events: CanonicalEvent[];
}

interface Visit {
  lastAt: number;
  arrival?: Draft;
  chat?: Draft;
}

/** @param events in order */
function folded(events: readonly PersonEvent[], rules: TouchRules): FoldedTouch[] {
  const drafts: Draft[] = [];
  const visits = new Map<string, Visit>();
  const conversations = new Map<string, Draft>();
  const others = new Map<string, Draft>();
  const begin = ({ person, event }: PersonEvent): Draft => {
    const draft = { person, events: [event] };
    drafts.push(draft);
    return draft;
  };
  const join = (draft: Draft | undefined, one: PersonEvent): Draft => {
    draft?.events.push(one.event);
    return draft ?? begin(one);
  };
  for (const one of events) {
    const { event, person } = one;
    const isArrival = arrivals.has(event.type);
    if (!isArrival && event.type !== 'touch.chat') {
      const kind = `${event.type}|${person}`;
      others.set(kind, join(sameElsewhere(others.get(kind), event), one));
      continue;
    }
    const visit = visitAt(visits.get(person), event.time, rules);
    visits.set(person, visit);
    if (isArrival) {
      visit.arrival = join(visit.arrival, one);
      continue;
    }
    const session = sessionKey(event) ?? `event:${event.id}`;
    visit.chat = join(conversations.get(session) ?? visit.chat, one);
    conversations.set(session, visit.chat);
  }
  return drafts.map((draft) => ({ touch: touchOf(draft, rules), events: draft.events }));
}

/** What another system has told of already; one system does not tell of one call twice. */
function sameElsewhere(last: Draft | undefined, { time, source }: CanonicalEvent): Draft | undefined {
  const [first] = last?.events ?? [];
  const isSame =
    first !== undefined &&
    time - first.time < sameWithinMs &&
    last?.events.every((event) => event.source.connection !== source.connection);
  return isSame ? last : undefined;
}

function visitAt(last: Visit | undefined, time: number, { visitMinutes }: TouchRules): Visit {
  if (!last || time - last.lastAt >= visitMinutes * minuteMs) return { lastAt: time };
  last.lastAt = time;
  return last;
}

/** It takes place when its first event does; its source is that of the first event that names one. */
function touchOf({ person, events }: Draft, rules: TouchRules): Touch {
  const told = events.map((event) => ({ event, channel: channelOf(event, rules) }));
  const source = told.find(({ channel }) => !withoutSource.has(channel)) ?? told[0];
  const { id = '', type = 'touch.page_view' } = source?.event ?? {};
  return {
    ...{ eventId: id, type, person },
    time: events[0]?.time ?? 0,
    channel: source?.channel ?? 'Unassigned',
  };
}

/** Through whatever campaign a visitor came, a chat is the chatbot's touch; one with people is another channel's. */
function channelOf({ type, source, data }: CanonicalEvent, { isChatbot }: TouchRules): string {
  const told = type === 'touch.chat' ? chatChannel : String(data.channel ?? 'Unassigned');
  return told === chatChannel && !isChatbot(source.connection) ? liveChatChannel : told;
}
