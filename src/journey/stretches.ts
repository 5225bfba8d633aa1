/**
 * A person's time, cut by the deals that they belong to. Up to the close of a deal it is that deal's time, together
 * with that of the deal's other people; after a lost one it goes on, as an open deal's or as the person's own. So no
 * day and no touch counts twice, and a deal with five contacts is one conversion, not five.
 *
 * Who has bought is not in the market until the next deal is opened: customers who rest would look like prospects
 * whom nothing convinces.
 */
import type { Entity } from '../canonical/model.ts';
import { conversionTime, isConversion } from './conversion.ts';

/** Part of a person's time, ms: after `from`, up to and with `to`. */
export interface Stretch {
  /** Null: the person's own time. */
  readonly deal: Entity | null;
  readonly from: number;
  readonly to: number;
}

export interface Watch {
  /** The person is watched from here … */
  readonly from: number;
  /** … to here: now. */
  readonly to: number;
}

export function stretchesOf({ from, to }: Watch, deals: readonly Entity[]): Stretch[] {
  const stretches: Stretch[] = [];
  let start = from;
  let customer = false;
  const take = (deal: Entity | null, end: number) => {
    const begin = customer ? Math.max(start, openedAt(deal, start)) : start;
    if (end > begin) stretches.push({ deal, from: begin, to: end });
  };
  for (const deal of deals.filter(isClosed).sort(byClose(to))) {
    const end = conversionTime(deal, to);
    if (end <= start) continue;
    take(deal, end);
    start = end;
    customer = isConversion(deal);
  }
  const open = deals
    .filter((deal) => !isClosed(deal))
    .sort((a, b) => openedAt(a, 0) - openedAt(b, 0) || byId(a, b));
  if (open[0] || !customer) take(open[0] ?? null, to);
  return stretches;
}

function isClosed({ fields }: Entity): boolean {
  return fields.status === 'won' || fields.status === 'lost';
}

function openedAt(deal: Entity | null, unknown: number): number {
  const at = deal?.fields.createdAt;
  return typeof at === 'number' ? at : unknown;
}

function byClose(now: number): (a: Entity, b: Entity) => number {
  return (a, b) => conversionTime(a, now) - conversionTime(b, now) || byId(a, b);
}

function byId(a: Entity, b: Entity): number {
  return a.id < b.id ? -1 : 1;
}
