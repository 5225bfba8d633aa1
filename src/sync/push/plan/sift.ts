/**
 * One value that a CRM does not take must not hold up its record: it is left out and named, and the others go. It
 * goes by itself once it, the mapping or the CRM's field is another. What a new record cannot do without holds it,
 * unless the mapping has a default that stands in.
 */
import type { Refusal } from '../../../store/contract/refusals.ts';
import type { Json } from '../../../support/json.ts';
import { sameValue } from '../../echo.ts';
import { type Description, printOf } from './described.ts';
import type { Wanted } from './differences.ts';
import { misfitOf } from './misfit.ts';
import type { Obstacle, PlannedField } from './plan.ts';

/** What is known of the record's fields before anything is sent. */
export interface Knowledge {
  /** The mapping file, for its lines. */
  readonly file: string;
  readonly description: Description | null;
  /** Of this record. */
  readonly refusals: readonly Refusal[];
}

export interface Sifted {
  readonly fields: readonly PlannedField[];
  readonly obstacles: readonly Obstacle[];
}

export function sift(wanted: Wanted, fields: readonly PlannedField[], knowledge: Knowledge): Sifted {
  const obstacles: Obstacle[] = [];
  const going = fields.filter(({ field, from, to }) => {
    const { vendor, canonical, line } = field;
    const why = objection(wanted, vendor, to, knowledge, line);
    if (why && !isUnmissed(wanted, vendor, knowledge)) obstacles.push({ ...why, canonical, shows: from });
    return why === null;
  });
  return { fields: going, obstacles };
}

/** The mapping's own values for a new record, likewise. */
export function siftDefaults(
  wanted: Wanted,
  knowledge: Knowledge,
): { readonly defaults: Readonly<Record<string, Json>>; readonly obstacles: readonly Obstacle[] } {
  const all = Object.entries(wanted.object.create?.defaults ?? {});
  const reasons = all.map(([vendor, value]) =>
    objection(wanted, vendor, value, knowledge, wanted.object.line),
  );
  return {
    defaults: Object.fromEntries(all.filter((_, index) => reasons[index] === null)),
    obstacles: reasons.flatMap((reason) => reason ?? []),
  };
}

/**
 * A new record is not made without what the CRM demands, nor without what the mapping makes it for. `defaults`: those
 * that go with it.
 */
export function holdsCreation(
  { object }: Wanted,
  { field = '', canonical }: Obstacle,
  defaults: Readonly<Record<string, Json>>,
  of: Knowledge,
): boolean {
  const { create } = object;
  if (canonical !== undefined && create?.needs.includes(canonical)) return true;
  if (field in defaults) return false;
  return of.description?.get(field)?.required ?? field in (create?.defaults ?? {});
}

function objection(
  wanted: Wanted,
  field: string,
  value: Json,
  { file, description, refusals }: Knowledge,
  line: number,
): Obstacle | null {
  const { entity, object, ref } = wanted;
  const about = { entity, object: object.object, ref, field };
  const misfit = description === null ? null : misfitOf(description.get(field), value);
  if (misfit) {
    const message = `${object.object}.${field} ${misfit.words} (${file}:${line}).`;
    return { ...about, code: misfit.code, message };
  }
  const tried = [value, ...standIn(wanted, field)];
  const refusal = refusals.find(
    (one) => one.field === field && tried.some((sent) => sameValue(one.sent, sent)),
  );
  if (!refusal || refusal.mapping !== object.version || refusal.described !== printOf(description, field))
    return null;
  return { ...about, code: refusal.code, message: refusal.message };
}

/** A new record's default goes where its value was refused, and of each field the last refusal alone is kept. */
function standIn({ object, holder }: Wanted, field: string): Json[] {
  const { defaults = {} } = object.create ?? {};
  return holder === undefined ? [defaults[field] ?? []].flat() : [];
}

/** `Field?` in the mapping: not every account has it, or lets it be written; `check` names the latter. */
function isUnmissed({ object }: Wanted, vendor: string, { description }: Knowledge): boolean {
  if (description === null || description.get(vendor)?.writable === true) return false;
  return object.uses.some((use) => use.vendor === vendor && use.optional);
}
