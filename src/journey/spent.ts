/**
 * The parts of a person's time that earlier deals have used up: the windows of their other deals that were closed, won
 * or lost, before. Of two that closed in one moment neither is the earlier. Deals of different systems take nothing
 * from each other: they may well be one deal, which nobody has tied together. One pass over a person's deals answers
 * for each of them: somebody who buys for others has thousands.
 */

import { closeTime } from '../canonical/close-time.ts';
import type { Entity } from '../canonical/model.ts';
import { type Window, type WindowSettings, windowOf } from './window.ts';

interface Closed {
  readonly at: number;
  readonly systems: readonly string[];
  readonly window: Window;
}

/** The windows of all deals that were closed until a moment, as few as they can be told by; newest first. */
interface Spans {
  readonly newest: Window;
  readonly rest: Spans | null;
}

interface Step {
  readonly at: number;
  readonly spans: Spans;
}

export class SpentTime {
  /** In the order of their closes. */
  readonly #closed: readonly Closed[];
  /** What has been asked for, by the systems of the deal. */
  readonly #steps = new Map<string, readonly Step[]>();
  readonly #now: number;

  /** @param theirs all deals of one person */
  constructor(theirs: readonly Entity[], settings: WindowSettings, now: number) {
    this.#now = now;
    this.#closed = settings.touches === 'shared' ? [] : closedOnes(theirs, settings, now);
  }

  /** What is used up when the deal comes to have its own; apart from each other, oldest first. */
  before(deal: Entity): Window[] {
    const own = closeTime(deal);
    const before = own === null || own > this.#now ? Number.POSITIVE_INFINITY : own;
    return windowsOf(lastBefore(this.#stepsFor(systemsOf(deal)), before));
  }

  #stepsFor(systems: readonly string[]): readonly Step[] {
    const key = systems.join('|');
    const known = this.#steps.get(key);
    if (known) return known;
    const steps = stepsOf(this.#closed.filter((other) => other.systems.some((one) => systems.includes(one))));
    this.#steps.set(key, steps);
    return steps;
  }
}

function closedOnes(theirs: readonly Entity[], settings: WindowSettings, now: number): Closed[] {
  return theirs
    .filter(({ withdrawn }) => !withdrawn)
    .flatMap((deal) => {
      const at = closeTime(deal);
      if (at === null || at > now) return [];
      return [{ at, systems: systemsOf(deal), window: windowOf(deal, settings, now) }];
    })
    .sort((a, b) => a.at - b.at);
}

/** Sorted: the connections in the names of a deal's contributions, `<kind>|<connection>|<object>|<id>`. */
function systemsOf({ members }: Entity): string[] {
  return [...new Set(members.map((member) => member.split('|', 2)[1] ?? ''))].sort();
}

function stepsOf(closed: readonly Closed[]): Step[] {
  const steps: Step[] = [];
  let spans: Spans | null = null;
  for (const { at, window } of closed) {
    spans = joined(spans, window);
    steps.push({ at, spans });
  }
  return steps;
}

/** A window ends with its deal's close, so one that is added ends after all others. */
function joined(spans: Spans | null, { from, to }: Window): Spans {
  let [rest, start] = [spans, from];
  while (rest && rest.newest.to >= start) {
    start = Math.min(start, rest.newest.from);
    rest = rest.rest;
  }
  return { newest: { from: start, to }, rest };
}

function lastBefore(steps: readonly Step[], before: number): Spans | null {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((steps[middle]?.at ?? before) < before) low = middle + 1;
    else high = middle;
  }
  return steps[low - 1]?.spans ?? null;
}

function windowsOf(spans: Spans | null): Window[] {
  const windows: Window[] = [];
  for (let one = spans; one; one = one.rest) windows.push(one.newest);
  return windows.reverse();
}
