/** What of a deal's credit depends on the passing of time, so that it is computed again when the time has passed. */

import { closeTime } from '../canonical/close-time.ts';
import type { Entity } from '../canonical/model.ts';
import { isMoving, type WindowSettings } from './window.ts';

const dayMs = 86_400_000;

export interface Passing extends WindowSettings {
  readonly now: number;
  /** The first touch that counts. */
  readonly oldest: number | undefined;
  /** The first touch that lies in the future: a meeting that is to take place. */
  readonly next: number | undefined;
  /** When another deal of the same people is to be closed, by its date. */
  readonly othersClose: number | undefined;
}

/** When the credit comes out different although nothing is told until then, ms; null: never by itself. */
export function changesAt(deal: Entity, passing: Passing): number | null {
  const { now, oldest, next, othersClose, lookbackDays } = passing;
  const closed = closeTime(deal);
  if (closed !== null && closed <= now) return null;
  const falls =
    isMoving(deal, passing, now) && oldest !== undefined ? oldest + lookbackDays * dayMs : undefined;
  const times = [closed ?? undefined, next, falls, othersClose].filter((time) => time !== undefined);
  const future = times.filter((time) => time > now);
  return future.length === 0 ? null : Math.min(...future);
}
