/**
 * What a record held before: its body as it stood until each change of a watched field, and until its deletion. When a
 * change happened is known from the system's own history, or lies between two versions: then it counts as late as it
 * can have been, so that what was so before a deal's close is not taken from it by a change that may have come after.
 */
import type { Sighting } from '../../canonical/sighting.ts';
import { canonicalJson } from '../../support/fingerprint.ts';
import { isJsonObject, type Json, type JsonObject } from '../../support/json.ts';
import type { MappedRecord } from '../language/compiled.ts';
import type { FieldChange, ReadContext } from '../language/path.ts';
import { mostTold } from './history.ts';
import type { WatchedFields } from './watched.ts';

export interface FormerBody {
  readonly until: number;
  readonly body: JsonObject;
}

/** A value from one time on until another, ms. */
interface Span {
  readonly value: Json;
  readonly from: number;
  readonly until: number;
}

/** What is set while a record is made is as old as the record. */
const makingMs = 60_000;

/** Oldest first; nothing where the record has always been as it is. */
export function formerBodies(
  record: MappedRecord,
  watched: WatchedFields,
  context: ReadContext,
): FormerBody[] {
  const spans = watched.paths.flatMap((path): [string, Span[]][] => {
    const told = watched.histories.get(path)?.(record.body, context) ?? [];
    const seen = told.length > 0 ? toldSpans(told, record.createdAt) : seenSpans(record, path);
    return seen.length > 1 ? [[path, seen]] : [];
  });
  const ends = new Set(spans.flatMap(([, own]) => own.map(({ until }) => until)).filter(Number.isFinite));
  const bodies: FormerBody[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const until of [...ends].sort((a, b) => a - b)) {
    const at = from;
    const overlay = spans.map(([path, own]) => [path, valueAt(own, at)] as const);
    bodies.push({
      until,
      body: overlay.reduce((body, [path, value]) => withValue(body, path, value), record.body),
    });
    from = until;
  }
  const { tombstone, endedAt } = record;
  if (tombstone && tombstone.kind !== 'erased' && endedAt !== undefined)
    bodies.push({ until: endedAt, body: record.body });
  return bodies;
}

/** Since when it is known to have held the keys that it is first known to have held. */
export function knownFrom(record: MappedRecord, watched: WatchedFields, context: ReadContext): number {
  const { createdAt, modifiedAt, since = modifiedAt, past = {}, fieldTimes, body } = record;
  const given = watched.keys.filter((path) => (valueIn(body, path) ?? '') !== '');
  const times = given.map((path) => {
    if ((watched.histories.get(path)?.(body, context) ?? []).length > 0) return createdAt;
    return past[path] ? since : (fieldTimes[path]?.at ?? since);
  });
  return Math.max(createdAt, ...times);
}

function toldSpans(changes: readonly FieldChange[], createdAt: number): Span[] {
  const spans = changes.map(({ value, at }, index) => ({
    value,
    from: index === 0 ? Number.NEGATIVE_INFINITY : at,
    until: changes[index + 1]?.at ?? Number.POSITIVE_INFINITY,
  }));
  const [first] = changes;
  const isWhole = first !== undefined && changes.length < mostTold && first.at > createdAt + makingMs;
  const blank = { value: null, from: Number.NEGATIVE_INFINITY, until: first?.at ?? createdAt };
  return isWhole ? [blank, ...spans.with(0, { ...(spans[0] ?? blank), from: first.at })] : spans;
}

function seenSpans({ past = {}, body }: MappedRecord, path: string): Span[] {
  const seen = [...(past[path] ?? [])].sort((a, b) => a.first - b.first || a.last - b.last);
  const present = canonicalJson(valueIn(body, path) ?? null);
  return seen.map((one, index) => ({
    value: one.value,
    from: index === 0 ? Number.NEGATIVE_INFINITY : one.first,
    until: canonicalJson(one.value) === present ? Number.POSITIVE_INFINITY : endOf(one, seen),
  }));
}

/** The first moment at which something else was seen. */
function endOf({ last }: Sighting, seen: readonly Sighting[]): number {
  const later = seen.map(({ first }) => first).filter((first) => first > last);
  const latest = seen.map((one) => one.last).filter((other) => other > last);
  const times = later.length > 0 ? later : latest;
  return times.length > 0 ? Math.min(...times) : last;
}

/** Of several values that may have been held then, the one that came last. */
function valueAt(spans: readonly Span[], at: number): Json {
  const holding = spans.filter(({ from, until }) => from <= at && at < until);
  const found = holding.reduce<Span | undefined>(
    (best, one) => (best && best.from > one.from ? best : one),
    undefined,
  );
  return (found ?? spans[0])?.value ?? null;
}

function valueIn(body: JsonObject, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), body);
}

function withValue(body: JsonObject, path: string, value: Json): JsonObject {
  const [key = '', ...rest] = path.split('.');
  const inner = body[key];
  if (rest.length === 0) return { ...body, [key]: value };
  return { ...body, [key]: withValue(isJsonObject(inner) ? inner : {}, rest.join('.'), value) };
}
