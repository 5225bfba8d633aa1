/** Wanted minus held, field by field. */
import type { Entity } from '../canonical/model.ts';
import type { CompiledField, CompiledObject } from '../mapping/compiled.ts';
import type { FieldMemory, LandedRecord } from '../store/contract.ts';
import type { Json } from '../support/json.ts';
import { sameValue, valueAt } from './echo.ts';
import type { Obstacle, PlannedField } from './plan.ts';

export interface Differences {
  readonly fields: readonly PlannedField[];
  readonly obstacles: readonly Obstacle[];
  /** Silent fields alone are no reason to write. */
  readonly worthWriting: boolean;
}

/** `heldOf` says what the record holds now, our own writes that have not come back included. */
export function differences(
  entity: Entity,
  object: CompiledObject,
  remembered: readonly FieldMemory[],
  heldOf: (field: CompiledField) => Json,
): Differences {
  const fields: PlannedField[] = [];
  const obstacles: Obstacle[] = [];
  for (const field of object.fields) {
    if (!field.pushes || !(field.canonical in entity.fields)) continue;
    const wanted = field.toVendor(entity.fields);
    if ('missing' in wanted) obstacles.push(noCounterpart(entity, object, field, wanted.missing));
    else fields.push(...difference(entity, field, heldOf(field), wanted.value, remembered));
  }
  return { fields, obstacles, worthWriting: fields.some(({ field }) => !field.silent) };
}

function noCounterpart(
  entity: Entity,
  { object }: CompiledObject,
  field: CompiledField,
  message: string,
): Obstacle {
  return { entity, object, code: 'NO_COUNTERPART', message, field: field.vendor };
}

function difference(
  entity: Entity,
  field: CompiledField,
  from: Json,
  to: Json,
  remembered: readonly FieldMemory[],
): PlannedField[] {
  if (sameValue(from, to) || field.sameAs(from, to)) return [];
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
export function held(record: LandedRecord, field: CompiledField, memories: readonly FieldMemory[]): Json {
  const landed = valueAt(record.body, field.path);
  const memory = memories.find((one) => one.field === field.vendor);
  if (memory?.status !== 'written') return landed;
  // Not read back yet: the landed copy is older than our write.
  if (record.modifiedAt < memory.basis) return memory.sent;
  if (memory.answer !== undefined) return sameValue(landed, memory.answer) ? memory.sent : landed;
  return record.modifiedAt === memory.basis ? memory.sent : landed;
}

/** A new record gets every value there is, not only those that differ from nothing. */
export function everyField(
  entity: Entity,
  object: CompiledObject,
  changed: readonly PlannedField[],
): PlannedField[] {
  const also = object.fields.flatMap((field): PlannedField[] => {
    if (!field.creates || changed.some((one) => one.field === field)) return [];
    const wanted = field.toVendor(entity.fields);
    if ('missing' in wanted || isBlank(wanted.value)) return [];
    return [{ field, from: null, to: wanted.value, repeats: 0 }];
  });
  return [...changed, ...also];
}

export function writeFields(fields: readonly PlannedField[]): Record<string, Json> {
  return Object.fromEntries(fields.map(({ field, to }) => [field.vendor, to]));
}

function isBlank(value: Json): boolean {
  return value === null || value === '';
}
