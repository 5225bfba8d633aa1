/** When a deal counts as won, and where its journey ends. */
import type { Entity } from '../canonical/model.ts';

export function isConversion(deal: Entity): boolean {
  return deal.fields.status === 'won';
}

/** A closed deal's journey ends with its close, an open one's now. Touches after it earned nothing. */
export function conversionTime(deal: Entity, now: number): number {
  const closed = deal.fields.status === 'won' || deal.fields.status === 'lost';
  const at = deal.fields.closedAt;
  return closed && typeof at === 'number' ? Math.min(at, now) : now;
}
