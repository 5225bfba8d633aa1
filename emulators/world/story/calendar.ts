/**
 * The seller's calendar: quarters of thirteen weeks, of which the last one ends today. Counted back from today, so that
 * the same story can be told on any day.
 */
import type { Chance } from './chance.ts';
import { day, hour, type Scene } from './scene.ts';

const quarter = 91 * day;
/** A quarter's months have four, four and five weeks. */
const monthEnds = [28, 56, 91].map((days) => days * day);
/** Office hours, from eight to five; today is told at noon. */
const office = { from: -4 * hour, length: 9 * hour };

/** On the same day, at an hour at which people are called. */
export function officeHour(scene: Scene, at: number): number {
  const since = (((at - scene.now + day / 2) % day) + day) % day;
  return Math.round(at - since + day / 2 + office.from + (since / day) * office.length);
}

/** For how long a buyer who has decided can be kept waiting. */
const longestWait = 30 * day;
/** Shares of the deals that are signed as a quarter ends, and as a month does. */
const shares = { quarter: 0.5, month: 0.2 };

/** When a deal that is agreed on at `at`, ms, is signed: many in the last days of a quarter, some in those of a month. */
export function signedAt(scene: Scene, draw: Chance, at: number): number {
  const chance = draw.next();
  const early = Math.round(draw.next() ** 2 * 6 * day) + day / 8;
  const into = (((at - scene.now) % quarter) + quarter) % quarter;
  const ends = chance < shares.quarter ? [quarter] : chance < shares.quarter + shares.month ? monthEnds : [];
  const end = ends.find((one) => one - early >= into);
  return end === undefined || end - early - into > longestWait ? at : at + end - early - into;
}
