/** Times and dates as vendors write them, to ms UTC and `YYYY-MM-DD`. */
import { offsetMs, zoneOffset } from '../../support/zones.ts';

const isoTime =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ]([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d|60)(?:\.(\d{1,9}))?)?)?\s*(Z|Z?[+-]\d{2}:?\d{2})?$/i;

/** The offset says in which zone it was shown; the number is UTC all the same. */
const microsoftTime = /^\/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\/$/;

const isoDate = /^\d{4}-\d{2}-\d{2}$/;
const dayMs = 86_400_000;

/**
 * Ms UTC, or undefined for what is no time. Takes ISO 8601 with or without offset (`+0000` included, as
 * Salesforce writes it, and `Z+0000`, as Marketo's assets do), a date alone (its midnight in `zone`), epoch seconds or
 * milliseconds, and `/Date(1767225600000)/`, milliseconds as Dataverse's webhooks write them.
 */
export function parseTime(value: string | number, zone = 'UTC'): number | undefined {
  if (typeof value === 'number') return fromEpoch(value);
  const text = value.trim();
  if (/^-?\d{9,}$/.test(text)) return fromEpoch(Number(text));
  const [, ticks] = microsoftTime.exec(text) ?? [];
  if (ticks !== undefined) return Number(ticks);
  const parts = isoTime.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = parts;
  const midnight = dayStart(Number(year), Number(month), Number(day));
  if (midnight === undefined) return undefined;
  const ms = Math.trunc(Number(`0.${fraction || 0}`) * 1000);
  const wall = midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + ms;
  return offset === undefined ? wall - zoneOffset(zone, wall) : wall - offsetMs(offset);
}

/** As `parseTime`; a date alone lasts to the last millisecond of its day in `zone`. */
export function parseEnd(value: string | number, zone = 'UTC'): number | undefined {
  if (typeof value !== 'string' || !isoDate.test(value.trim())) return parseTime(value, zone);
  const start = parseTime(value);
  if (start === undefined) return undefined;
  const nextDay = start + dayMs;
  return nextDay - zoneOffset(zone, nextDay) - 1;
}

/** Ten digits are seconds (until the year 2286); more are milliseconds. */
function fromEpoch(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Math.round(Math.abs(value) < 1e10 ? value * 1000 : value);
}

/** Undefined for days that do not exist, which `Date` would carry over into the next month. */
function dayStart(year: number, month: number, day: number): number | undefined {
  const ms = Date.UTC(year, month - 1, day);
  const date = new Date(ms);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? ms : undefined;
}

/** `YYYY-MM-DD`, or undefined for what is not a date. A time counts as the day on which it falls in UTC. */
export function parseDate(value: string | number): string | undefined {
  if (typeof value === 'string' && isoDate.test(value)) {
    return parseTime(value) === undefined ? undefined : value;
  }
  const time = parseTime(value);
  return time === undefined ? undefined : new Date(time).toISOString().slice(0, 10);
}
