/**
 * Which part of its people's time is a deal's. By default it begins the look-back before the deal was opened and goes
 * on to its end; a touch that an earlier deal of the same person has used up is not credited again. Application and
 * fits ask here, so that they look at the same touches.
 */

import { closeTime } from '../canonical/close-time.ts';
import type { Entity } from '../canonical/model.ts';
import { openTime, seenUntil } from './conversion.ts';

const dayMs = 86_400_000;

export interface WindowSettings {
  readonly lookbackDays: number;
  /** `opened`: the look-back before the opening, and everything until the end. `end`: the look-back before the end. */
  readonly window: 'opened' | 'end';
  /** `once`: what a deal had when it was closed, won or lost, is used up. `shared`: every deal has it anew. */
  readonly touches: 'once' | 'shared';
}

/** Ms: after `from`, up to and with `to`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A deal whose opening is not known (or lies after its close, as of imported ones) is looked at from its end. */
export function windowOf(deal: Entity, { lookbackDays, window }: WindowSettings, now: number): Window {
  const to = seenUntil(deal, now);
  const anchor = window === 'opened' ? Math.min(openTime(deal) ?? to, to) : to;
  return { from: anchor - lookbackDays * dayMs, to };
}

/** Whether the window moves on with the time, so that touches fall out of it while nothing happens. */
export function isMoving(deal: Entity, { window }: Pick<WindowSettings, 'window'>, now: number): boolean {
  const closed = closeTime(deal);
  if (closed !== null && closed <= now) return false;
  return window === 'end' || openTime(deal) === null;
}

export function isWithin(time: number, { from, to }: Window): boolean {
  return time > from && time <= to;
}

/** What is left of a window without some others, oldest first. */
export function without({ from, to }: Window, others: readonly Window[]): Window[] {
  const left: Window[] = [];
  let start = from;
  for (const other of [...others].sort((a, b) => a.from - b.from)) {
    if (other.from > start) left.push({ from: start, to: Math.min(other.from, to) });
    start = Math.max(start, other.to);
    if (start >= to) break;
  }
  if (start < to) left.push({ from: start, to });
  return left.filter((one) => one.to > one.from);
}
