/**
 * What is sent once, with a new record, and was not taken: it is kept as refused under the record's external id, and
 * goes as soon as it would be taken, unless somebody has filled the field there meanwhile.
 */

import type { EntityKind } from '../../../canonical/model.ts';
import type { LandedRecord } from '../../../store/contract/landing.ts';
import type { Refusal } from '../../../store/contract/refusals.ts';
import type { Store } from '../../../store/contract/store.ts';
import { sameValue } from '../../echo.ts';
import type { System } from '../../hub.ts';
import { pushKey } from '../../targets.ts';
import { descriptionOf, printOf } from './described.ts';
import { held, isBlank, type Wanted } from './differences.ts';
import type { Obstacle, PlannedField, Withheld } from './plan.ts';

/** Of the fields of a new record those that stay behind, though nothing but its creation would send them. */
export function withheldOf(
  all: readonly PlannedField[],
  going: readonly PlannedField[],
  obstacles: readonly Obstacle[],
): Withheld[] {
  const behind = all.filter((one) => !one.field.pushes && !going.includes(one));
  return behind.flatMap(({ field: { vendor }, to }) => {
    const why = obstacles.find(({ field }) => field === vendor);
    return why ? [{ field: vendor, sent: to, code: why.code, message: why.message }] : [];
  });
}

/** Of the write that makes a record. */
interface NewRecord {
  readonly entityId: string;
  readonly kind: EntityKind;
  readonly object: string;
  /** Version of the object's mapping. */
  readonly mapping: string;
  readonly ref: string;
  readonly withheld: readonly Withheld[];
}

/** To be kept once the record is made without them. */
export async function refusalsOfNew(
  store: Store,
  system: System,
  { entityId, kind, object, mapping, ref, withheld }: NewRecord,
  at: number,
): Promise<Refusal[]> {
  if (withheld.length === 0) return [];
  const description = await descriptionOf(store, system, object);
  const key = pushKey(system, kind, entityId);
  return withheld.map(({ field, sent, code, message }) => ({
    ...{ ref, field, key, sent, code, message, at },
    mapping,
    described: printOf(description, field),
  }));
}

/** `refusals`: those under the record's external id. */
export function owedFields(
  { object, values, holder, remembered }: Wanted,
  record: LandedRecord,
  refusals: readonly Refusal[],
): PlannedField[] {
  const { defaults = {} } = object.create ?? {};
  const owed = object.fields.filter(
    ({ creates, pushes, vendor, canonical }) =>
      creates &&
      !pushes &&
      canonical in values &&
      refusals.some(({ field }) => field === vendor) &&
      !remembered.some(({ field }) => field === vendor),
  );
  return owed.flatMap((field): PlannedField[] => {
    const from = held(record, field, remembered);
    if (!isBlank(from) && !sameValue(from, defaults[field.vendor] ?? null)) return [];
    const told = field.toVendor(values, holder);
    return 'missing' in told || isBlank(told.value) ? [] : [{ field, from, to: told.value, repeats: 0 }];
  });
}
