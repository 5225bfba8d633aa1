/**
 * A person's time, cut by the deals that they belong to. Each closed deal takes its window (see `window.ts`) as far as
 * none that closed before it has taken it, then the open deal that was opened first takes its own. What is left is the
 * person's own time. So no day and no touch of one person counts twice, and a deal with five contacts is one
 * conversion, not five.
 *
 * Who has bought is not in the market until the window of the next deal begins: customers who rest would look like
 * prospects whom nothing convinces.
 */

import { isClosed } from '../canonical/close-time.ts';
import type { Entity } from '../canonical/model.ts';
import { isConversion, openTime, seenUntil } from './conversion.ts';
import { type Window, type WindowSettings, windowOf, without } from './window.ts';

/** Part of a person's time, ms: after `from`, up to and with `to`. */
export interface Stretch extends Window {
  /** Null: the person's own time. */
  readonly deal: Entity | null;
}

/** Oldest first. @param watch the person is watched from here to there: now */
export function stretchesOf(watch: Window, deals: readonly Entity[], settings: WindowSettings): Stretch[] {
  // Of a deal that was closed before anybody met the person nothing is known, not even that it made a customer.
  const met = (deal: Entity) => seenUntil(deal, watch.to) > watch.from;
  const closed = deals.filter((deal) => isClosed(deal) && met(deal)).sort(byClose(watch.to));
  const [open] = deals.filter((deal) => !isClosed(deal)).sort(byOpening);
  const taken: Window[] = [];
  const stretches: Stretch[] = [];
  for (const deal of open ? [...closed, open] : closed) {
    const own = clipped(windowOf(deal, settings, watch.to), watch);
    if (own === null) continue;
    for (const part of without(own, taken)) stretches.push({ deal, ...part });
    taken.push(own);
  }
  const rests = (gap: Window) => isCustomer(closed, gap.from, watch.to);
  const own = without(watch, taken).filter((gap) => !rests(gap));
  return [...stretches, ...own.map((part) => ({ deal: null, ...part }))].sort((a, b) => a.from - b.from);
}

function clipped({ from, to }: Window, watch: Window): Window | null {
  const part = { from: Math.max(from, watch.from), to: Math.min(to, watch.to) };
  return part.to > part.from ? part : null;
}

/** Whether the last deal that was closed by then had been won. */
function isCustomer(closed: readonly Entity[], at: number, now: number): boolean {
  const last = closed.findLast((deal) => seenUntil(deal, now) <= at);
  return last !== undefined && isConversion(last);
}

function byOpening(a: Entity, b: Entity): number {
  return (openTime(a) ?? 0) - (openTime(b) ?? 0) || byId(a, b);
}

function byClose(now: number): (a: Entity, b: Entity) => number {
  return (a, b) => seenUntil(a, now) - seenUntil(b, now) || byOpening(a, b);
}

function byId(a: Entity, b: Entity): number {
  return a.id < b.id ? -1 : 1;
}
