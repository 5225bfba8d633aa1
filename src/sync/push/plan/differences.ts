/** Wanted minus held, field by field. */
import type { CanonicalFields, Entity } from '../../../canonical/model.ts';
import type { CompiledField, CompiledObject, Holder } from '../../../mapping/language/compiled.ts';
import type { LandedRecord } from '../../../store/contract/landing.ts';
import type { FieldMemory } from '../../../store/contract/outbox.ts';
import type { Json } from '../../../support/json.ts';
import { sameValue, valueAt } from '../../echo.ts';
import type { Obstacle, PlannedField } from './plan.ts';

export interface Differences {
  readonly fields: readonly PlannedField[];
  readonly obstacles: readonly Obstacle[];
}

/** Silent fields alone are no reason to write. */
export function worthWriting(fields: readonly PlannedField[]): boolean {
  return fields.some(({ field }) => !field.silent);
}

/** What one record should hold of an entity. */
export interface Wanted {
  readonly entity: Entity;
  readonly object: CompiledObject;
  /** Those of the entity's values that may be written to this record. */
  readonly values: CanonicalFields;
  /** Text ref of the record. */
  readonly ref: string;
  readonly remembered: readonly FieldMemory[];
  /** The record; absent: it is yet to be made. */
  readonly holder?: Holder;
}

/** `heldOf` says what the record holds now, our own writes that have not come back included. */
export function differences(wanted: Wanted, heldOf: (field: CompiledField) => Json): Differences {
  const { object, values, holder } = wanted;
  const fields: PlannedField[] = [];
  const obstacles: Obstacle[] = [];
  for (const field of object.fields) {
    if (!field.pushes || !(field.canonical in values)) continue;
    const told = field.toVendor(values, holder);
    const from = heldOf(field);
    if ('missing' in told) obstacles.push({ ...noCounterpart(wanted, field, told.missing), shows: from });
    else fields.push(...difference(wanted, field, from, told.value));
  }
  return { fields, obstacles };
}

function noCounterpart({ entity, object, ref }: Wanted, field: CompiledField, message: string): Obstacle {
  const about = { entity, object: object.object, ref, field: field.vendor, canonical: field.canonical };
  return { ...about, code: 'NO_COUNTERPART', message };
}

function difference(
  { entity, remembered, holder }: Wanted,
  field: CompiledField,
  from: Json,
  to: Json,
): PlannedField[] {
  if (sameValue(from, to) || field.sameAs(from, to, holder)) return [];
  if (isBlank(to) && field.blanks !== 'clear') return [];
  const memory = remembered.find((one) => one.field === field.vendor && sameValue(one.sent, to));
  return [{ field, from, to, repeats: memory ? repeatsOf(memory, entity) : 0 }];
}

/** Somebody who decided anew, later, for a value that was there before repeats nothing. */
const sameDecisionMs = 3_600_000;

function repeatsOf({ canonical, status, repeats, valueAt: decidedAt }: FieldMemory, entity: Entity): number {
  const at = entity.provenance[canonical]?.at ?? decidedAt;
  if (at - decidedAt > sameDecisionMs) return 0;
  return status === 'intended' ? repeats : repeats + 1;
}

/** What the record holds in this field, seen with our own writes in mind. */
export function held(
  record: LandedRecord,
  field: Pick<CompiledField, 'vendor' | 'path'>,
  memories: readonly FieldMemory[],
): Json {
  const landed = valueAt(record.body, field.path);
  const memory = memories.find((one) => one.field === field.vendor);
  if (memory?.status !== 'written') return landed;
  // Not read back yet: the landed copy is older than our write.
  if (record.modifiedAt < memory.basis) return memory.sent;
  if (memory.answer !== undefined) return sameValue(landed, memory.answer) ? memory.sent : landed;
  return record.modifiedAt === memory.basis ? memory.sent : landed;
}

/** A new record gets every value there is, not only those that differ from nothing. */
export function everyField({ object, values }: Wanted, changed: readonly PlannedField[]): PlannedField[] {
  const also = object.fields.flatMap((field): PlannedField[] => {
    if (!field.creates || changed.some((one) => one.field === field)) return [];
    const told = field.toVendor(values);
    if ('missing' in told || isBlank(told.value)) return [];
    return [{ field, from: null, to: told.value, repeats: 0 }];
  });
  return [...changed, ...also];
}

export function writeFields(fields: readonly PlannedField[]): Record<string, Json> {
  return Object.fromEntries(fields.map(({ field, to }) => [field.vendor, to]));
}

export function isBlank(value: Json): boolean {
  return value === null || value === '';
}
