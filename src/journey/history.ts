/**
 * What there was of a person before their first touch. It tells who was known or written to already, and no touch can
 * have brought it about.
 */
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Entity } from '../canonical/model.ts';
import { isBySales } from './touches.ts';

export interface History {
  /** Days from when a system first knew the person to their first touch; 0 where they were first known by a touch. */
  readonly daysKnown: number;
  /** Mails that systems had sent them, and that they had opened. */
  readonly earlierMails: number;
}

export const historyFields = ['daysKnown', 'earlierMails'] as const satisfies readonly (keyof History)[];

const dayMs = 86_400_000;

/** @param firstTouch ms */
export function historyOf(
  person: Entity | undefined,
  events: readonly CanonicalEvent[],
  firstTouch: number,
): History {
  const created = person?.fields.createdAt;
  const known = typeof created === 'number' ? (firstTouch - created) / dayMs : 0;
  return {
    daysKnown: Math.max(0, known),
    earlierMails: events.filter((event) => event.time < firstTouch && isMail(event)).length,
  };
}

/** Of staff they are touches. */
function isMail(event: CanonicalEvent): boolean {
  const { type } = event;
  return (type === 'touch.email_sent' && !isBySales(event)) || type === 'touch.email_opened';
}
