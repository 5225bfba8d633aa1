/** When a deal was opened and closed, and where its journey ends. */
import { closeTime } from '../canonical/close-time.ts';
import type { Entity } from '../canonical/model.ts';

const dayMs = 86_400_000;

export function isConversion(deal: Entity): boolean {
  return deal.fields.status === 'won';
}

/** Null where its system does not tell. */
export function openTime({ fields: { createdAt } }: Entity): number | null {
  return typeof createdAt === 'number' ? createdAt : null;
}

/** How far the deal's time can be seen: to its close, else to now. Touches after it earned nothing. */
export function seenUntil(deal: Entity, now: number): number {
  return Math.min(closeTime(deal) ?? now, now);
}

/**
 * Where the journey ends. A closed deal's ends with its close. Of an open one nobody knows the end: it is credited as
 * if it closed on the day of its last touch (or of its opening, where that is later), so that the credit does not
 * depend on the day on which somebody looks.
 */
export function journeyEnd(deal: Entity, now: number, lastTouch: number | undefined): number {
  const closed = closeTime(deal);
  if (closed !== null && closed <= now) return closed;
  const opened = openTime(deal);
  const known = [lastTouch, opened !== null && opened <= now ? opened : undefined];
  const last = Math.max(...known.map((time) => time ?? Number.NEGATIVE_INFINITY));
  return Number.isFinite(last) ? endOfDay(last) : now;
}

/** The last millisecond of the day, UTC. */
function endOfDay(time: number): number {
  return (Math.floor(time / dayMs) + 1) * dayMs - 1;
}
