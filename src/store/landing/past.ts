/**
 * The earlier values of some fields of a record: those that say who it is and whom it ties. What became of a deal that
 * is closed is judged by what was so at its close, so that they are needed although another value is there now.
 * Knowledge of several versions joins in any order.
 */
import type { Sighting } from '../../canonical/sighting.ts';
import { canonicalJson } from '../../support/fingerprint.ts';
import type { Json } from '../../support/json.ts';
import { byText, hasBody, type Version } from './version.ts';
import { leaves } from './versions.ts';

/** By path; the present value stands among the earlier ones. A path that has always held the same is left out. */
export type Past = Readonly<Record<string, readonly Sighting[]>>;

/** A version, and the earlier values that were known with it. */
export interface Remembering {
  readonly shown: Version;
  readonly past: Past;
  /** Since when a field is known to have held its value. */
  readonly since: (path: string) => number;
}

/** Of fields that hold another value every week the oldest are forgotten. */
const mostValues = 16;

/** `watched`: paths whose earlier values are kept. What was last seen at `floor` or before is forgotten. */
export function joinPast(
  shown: Version,
  sides: readonly Remembering[],
  watched: ReadonlySet<string>,
  floor: number,
): Past {
  const bodied = sides.filter((side) => hasBody(side.shown));
  const isKnown = bodied.some(({ past }) => Object.keys(past).length > 0);
  const isOneBody = bodied.every((side) => side.shown.body === shown.body);
  if (!hasBody(shown) || (isOneBody && !isKnown)) return {};
  const bodies = bodied.map((side) => ({ ...side, fields: fieldsOf(side.shown) }));
  const present = fieldsOf(shown);
  const paths = new Set([...watched, ...bodied.flatMap(({ past }) => Object.keys(past))]);
  const found = [...paths].sort(byText).flatMap((path): [string, Sighting[]][] => {
    const seen = bodies.flatMap((side) => sightings(side, path)).filter(({ last }) => last > floor);
    const values = merged(seen, present.get(path));
    return values.length > 1 ? [[path, values]] : [];
  });
  return Object.fromEntries(found);
}

const known = new WeakMap<Version, ReadonlyMap<string, Json>>();

function fieldsOf(version: Version): ReadonlyMap<string, Json> {
  const fields = known.get(version) ?? new Map(leaves(JSON.parse(version.body)));
  known.set(version, fields);
  return fields;
}

/**
 * A list (associations) changes without the record's stamp moving: of it only the time of reading says when it was so.
 */
function sightings(
  { shown, past, since, fields }: Remembering & { readonly fields: ReadonlyMap<string, Json> },
  path: string,
): Sighting[] {
  const earlier = past[path] ?? [];
  const value = fields.get(path);
  if (value === undefined) return [...earlier];
  if (!Array.isArray(value)) return [...earlier, { value, first: since(path), last: shown.modifiedAt }];
  const at = shown.readAt ?? shown.modifiedAt;
  return [...earlier, { value, first: at, last: at }];
}

/** Each value once. That the present one was read again is no news, so that nothing is said of when that was. */
function merged(seen: readonly Sighting[], present: Json | undefined): Sighting[] {
  const byValue = new Map<string, Sighting>();
  for (const { value, first, last } of seen) {
    const name = canonicalJson(value);
    const other = byValue.get(name);
    byValue.set(name, {
      value: other?.value ?? value,
      first: Math.min(first, other?.first ?? first),
      last: Math.max(last, other?.last ?? last),
    });
  }
  const now = canonicalJson(present ?? null);
  const values = [...byValue].map(([name, one]) => (name === now ? { ...one, last: one.first } : one));
  return values
    .sort(
      (a, b) =>
        b.last - a.last || b.first - a.first || byText(canonicalJson(a.value), canonicalJson(b.value)),
    )
    .slice(0, mostValues);
}
