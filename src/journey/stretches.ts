/**
 * A person's time, cut by the deals that they belong to. Up to the close of a deal it is that deal's time, together
 * with that of the deal's other people; after the last close it is an open deal's, or the person's own. So every
 * day and every touch is counted once, and a deal with five contacts is one conversion, not five.
 */
import type { Entity } from '../canonical/model.ts';
import { conversionTime } from './conversion.ts';

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
  for (const deal of deals.filter(isClosed).sort(byClose(to))) {
    const end = conversionTime(deal, to);
    if (end <= start) continue;
    stretches.push({ deal, from: start, to: end });
    start = end;
  }
  if (start >= to) return stretches;
  const open = deals.filter((deal) => !isClosed(deal)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return [...stretches, { deal: open[0] ?? null, from: start, to }];
}

function isClosed({ fields }: Entity): boolean {
  return fields.status === 'won' || fields.status === 'lost';
}

function byClose(now: number): (a: Entity, b: Entity) => number {
  return (a, b) => conversionTime(a, now) - conversionTime(b, now) || (a.id < b.id ? -1 : 1);
}
