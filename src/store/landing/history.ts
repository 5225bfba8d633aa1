/**
 * Since when each field of a record has held its present value, without keeping the versions before: per field
 * the last time at which it held another value, and the first version after that. Knowledge of several
 * versions joins in any order.
 */
import { canonicalJson } from '../../support/fingerprint.ts';
import type { Json } from '../../support/json.ts';
import type { FieldChange } from '../contract/landing.ts';
import { joinPast, type Past } from './past.ts';
import { byText, hasBody, type Version } from './version.ts';
import { leaves } from './versions.ts';

export interface History {
  /** `modifiedAt` of the versions with a body, newest first. */
  readonly times: readonly number[];
  /** The earliest of all such times; null when no version has a body. */
  readonly since: number | null;
  /** By path; only fields of the present body that were other than now, or missing, in some version. */
  readonly changes: Readonly<Record<string, FieldChange>>;
  /** Absent where there is none. */
  readonly past?: Past;
}

/** A version, and what was known of those before it. */
export interface Told {
  readonly shown: Version;
  readonly history: History;
}

/** Only versions that come late, out of order, look further back than the newest time. */
const maxTimes = 64;

export function historyOf(version: Version): History {
  const times = hasBody(version) ? [version.modifiedAt] : [];
  return { times, since: times[0] ?? null, changes: {} };
}

/** `shown` is the one of the two whose body is shown now; what is not after `voidUntil` is forgotten. */
export function joinHistories(
  shown: Version,
  sides: readonly Told[],
  voidUntil: number | null,
  watched: ReadonlySet<string>,
): History {
  const floor = voidUntil ?? Number.NEGATIVE_INFINITY;
  const all = sides.flatMap(({ history: { times, since } }) => [
    ...times,
    ...(since === null ? [] : [since]),
  ]);
  const times = [...new Set(all)].filter((time) => time > floor).sort((a, b) => b - a);
  const past = joinPast(shown, sides.map(remembering), watched, floor);
  return {
    times: times.slice(0, maxTimes),
    since: times.at(-1) ?? null,
    changes: hasBody(shown) ? joinChanges(shown, sides, times, floor) : {},
    ...(Object.keys(past).length > 0 ? { past } : {}),
  };
}

function remembering({ shown, history: { past = {}, changes, since } }: Told) {
  const sinceOf = (path: string) => changes[path]?.since ?? since ?? shown.modifiedAt;
  return { shown, past, since: sinceOf };
}

function joinChanges(
  shown: Version,
  sides: readonly Told[],
  times: readonly number[],
  floor: number,
): Record<string, FieldChange> {
  const bodied = sides.filter((side) => hasBody(side.shown));
  const witnesses = bodied.map((side) => witnessOf(side, shown));
  const changes: [string, FieldChange][] = [];
  for (const [path, value] of concerned(shown, bodied)) {
    const seen = witnesses.flatMap((witness) => witness(path, value));
    const valid = seen.filter(({ differedAt }) => differedAt > floor);
    if (valid.length > 0) changes.push([path, latest(valid, shown.modifiedAt, times)]);
  }
  return Object.fromEntries(changes.sort(([one], [other]) => byText(one, other)));
}

/** All fields, but of the same body read again only those of which something is known. */
function concerned(shown: Version, sides: readonly Told[]): [path: string, value: Json][] {
  if (!sides.every((side) => side.shown.body === shown.body)) return leaves(JSON.parse(shown.body));
  const known = sides.flatMap(({ history }) => Object.keys(history.changes));
  return [...new Set(known)].map((path) => [path, null]);
}

/** Tells of a field when this side last saw it hold another value, if ever. */
function witnessOf({ shown: own, history }: Told, shown: Version) {
  const fields = own.body === shown.body ? null : new Map(leaves(JSON.parse(own.body)));
  return (path: string, value: Json): FieldChange[] => {
    const earlier = history.changes[path];
    if (fields === null || (fields.has(path) && sameJson(fields.get(path) ?? null, value)))
      return earlier ? [earlier] : [];
    const now = { differedAt: own.modifiedAt, known: fields.has(path), since: own.modifiedAt };
    // A version that lacked the field lacked every value of it, the present one, too.
    return earlier && !earlier.known ? [now, earlier] : [now];
  };
}

/** Of what was seen at one time, not knowing wins: the field may have been other than now without being told. */
function latest(seen: readonly FieldChange[], shownAt: number, times: readonly number[]): FieldChange {
  const differedAt = Math.max(...seen.map((change) => change.differedAt));
  const known = seen.every((change) => change.known || change.differedAt < differedAt);
  const later = [...seen.map(({ since }) => since), ...times].filter((time) => time > differedAt);
  return { differedAt, known, since: Math.min(shownAt, ...later) };
}

function sameJson(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && canonicalJson(a) === canonicalJson(b));
}
