/** From a row of a list, search or batch answer to the hub's record. */
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/support/json.ts';
import type { CrmObject } from '../wire/objects.ts';
import type { Selection } from './read.ts';

/**
 * `readAt`: when the row was asked for, ms. Associations change without the record's stamp moving. `asked`: the
 * past values of its `past` stay in the body. Histories that were asked for their change times alone do not: a record
 * looks the same whichever way it was read.
 */
export function toRecord(
  object: CrmObject,
  row: JsonObject,
  readAt: number,
  asked: Partial<Selection> = {},
): VendorRecord {
  const properties = propertiesOf(row);
  // A property that was asked for comes as null where it is blank, and not at all where it may not be read.
  const unread = (asked.properties ?? []).filter((name) => !(name in properties));
  const createdAt = timeOf(row.createdAt) ?? timeOf(properties.createdate);
  const times = fieldTimesOf(row);
  return {
    object: object.name,
    id: idOf(row),
    body: withPast(row, asked.past ?? []),
    ...(createdAt === undefined ? {} : { createdAt }),
    modifiedAt: timeOf(row.updatedAt) ?? timeOf(properties[object.cursor]) ?? createdAt ?? 0,
    readAt,
    ...(unread.length > 0 ? { unread } : {}),
    ...(times === null ? {} : { fieldTimes: times }),
  };
}

/** The parts that only some answers have come last, in one order. */
function withPast(
  { propertiesWithHistory: histories, associations, ...row }: JsonObject,
  past: readonly string[],
): JsonObject {
  const told = isJsonObject(histories) ? Object.entries(histories) : [];
  const kept = told.filter(([name]) => past.includes(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...row,
    ...(kept.length === 0 ? {} : { propertiesWithHistory: Object.fromEntries(kept) }),
    ...(associations === undefined ? {} : { associations }),
  };
}

export function idOf(row: JsonObject): string {
  const { id } = row;
  if (typeof id === 'string' && id !== '') return id;
  if (typeof id === 'number') return String(id);
  throw new Fault('unavailable', 'HubSpot sent a row without an id', { code: 'UNEXPECTED_SHAPE' });
}

export function propertiesOf(row: JsonObject): JsonObject {
  return isJsonObject(row.properties) ? row.properties : {};
}

/** An ISO time, or ms since the epoch as a number or its digits; undefined for anything else. */
export function timeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return undefined;
  const ms = /^\d{11,}$/.test(value) ? Number(value) : Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Per property with a history: when its present value came about. */
function fieldTimesOf(row: JsonObject): Record<string, number> | null {
  const histories = row.propertiesWithHistory;
  if (!isJsonObject(histories)) return null;
  const times = Object.entries(histories).map(([name, history]) => [name, changeTime(history)] as const);
  return Object.fromEntries(times.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** Oldest of the newest entries that all hold the present value: writing it again is no change. */
function changeTime(history: Json): number | undefined {
  const entries = Array.isArray(history) ? history.filter(isJsonObject) : [];
  const newestFirst = entries.toSorted((a, b) => (timeOf(b.timestamp) ?? 0) - (timeOf(a.timestamp) ?? 0));
  const [newest] = newestFirst;
  const departure = newestFirst.findIndex((entry) => entry.value !== newest?.value);
  const since = departure === -1 ? newestFirst.at(-1) : newestFirst[departure - 1];
  return timeOf(since?.timestamp);
}
