/** Canonical events: facts with a time, append-only, in a CloudEvents 1.0 envelope when they leave. */
import { fingerprint } from '../support/fingerprint.ts';
import type { EventData, RecordRef } from './model.ts';

export const eventTypes = [
  'person.created',
  'person.qualified',
  'person.converted',
  'person.merged',
  'person.erased',
  'deal.created',
  'deal.stage_changed',
  'deal.amount_changed',
  /** Entered a closed stage, won or lost, where its system says which stages are. */
  'deal.closed',
  'deal.won',
  'deal.lost',
  'deal.reopened',
  'touch.chat',
  'touch.email_sent',
  'touch.email_opened',
  'touch.email_clicked',
  'touch.ad_click',
  'touch.page_view',
  'touch.form_submitted',
  'touch.campaign_response',
  'touch.meeting',
  'touch.call',
  'touch.event_attended',
  'chat.session_started',
  'chat.message',
  'chat.intent_recognized',
  'chat.fallback',
  'chat.goal_completed',
  'chat.handed_off',
  'chat.feedback',
  'chat.session_ended',
  'ticket.created',
  'ticket.solved',
  'ticket.reopened',
  'csat.rated',
  'order.placed',
  'order.refunded',
  'cart.abandoned',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Of these a date alone means the end of its day. */
export const endings: ReadonlySet<EventType> = new Set<EventType>([
  'deal.closed',
  'deal.won',
  'deal.lost',
  'ticket.solved',
]);

export interface CanonicalEvent {
  /** Hash of connection, object, vendor id and kind: a repeat is the same event. */
  readonly id: string;
  readonly type: EventType;
  /** Ms UTC. */
  readonly time: number;
  /** The record that the event was read from. */
  readonly source: RecordRef;
  /** What it happened to, as an identity key's text `kind:value` of a Person or Deal. */
  readonly subject: string;
  /** Weaker keys of the same subject, strongest first: for a conversation of which nobody said whose it is. */
  readonly fallbacks?: readonly string[];
  readonly data: EventData;
}

/** `discriminator` tells apart several events of one type from one record (each stage change has its own). */
export function eventId(source: RecordRef, type: EventType, discriminator = ''): string {
  return fingerprint([source.connection, source.object, source.id, type, discriminator].join('\u0000'));
}

/** The key of the conversation that the event is part of; null for an event outside of conversations. */
export function sessionKey({ subject, source, data }: CanonicalEvent): string | null {
  if (subject.startsWith('session:')) return subject;
  return typeof data.session === 'string' ? `session:${source.connection}:${data.session}` : null;
}
