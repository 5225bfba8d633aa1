/** The records that a write names beside its fields, and what becomes of a write that cannot name one yet. */
import type { CanonicalFields, Entity } from '../../../canonical/model.ts';
import type { Write } from '../../../connector/contract/writing.ts';
import type { CompiledObject, CompiledReference } from '../../../mapping/language/compiled.ts';
import { writesOn } from '../../../settings/schema.ts';
import type { System } from '../../hub.ts';
import { type Known, ownObjects } from './known.ts';
import { type Obstacle, type Plan, planOf } from './plan.ts';

export interface RecordName {
  readonly object: string;
  readonly id: string;
}

export interface Named {
  /** By vendor field, or by the name of an association. */
  readonly records: Readonly<Record<string, RecordName>>;
  /** What has no record there: the entity's id, or null where the value itself is missing. */
  readonly missing: readonly Missing[];
}

interface Missing {
  readonly reference: CompiledReference;
  readonly awaited: string | null;
}

export function namedRecords(
  { references }: CompiledObject,
  values: CanonicalFields,
  { referenced }: Known,
): Named {
  const records: Record<string, RecordName> = {};
  const missing: Missing[] = [];
  for (const reference of references) {
    const named = values[reference.from];
    const awaited = typeof named === 'string' && named !== '' ? named : null;
    const record = awaited === null ? undefined : recordOf(reference, awaited, referenced);
    if (record === undefined) missing.push({ reference, awaited });
    else records[reference.vendor] = record;
  }
  return { records, missing };
}

/** The record of an entity that a reference may name; undefined: there is none yet. */
export function recordOf(
  { objects }: CompiledReference,
  entityId: string,
  referenced: Known['referenced'],
): RecordName | undefined {
  for (const object of objects) {
    const id = referenced.get(`${object}|${entityId}`);
    if (id !== undefined) return { object, id };
  }
  return undefined;
}

type Carried = Pick<Write, 'fields' | 'references' | 'associations'>;

/** How a write carries the records that it names. */
export function carried({ references }: CompiledObject, records: Named['records']): Carried {
  const named = references.flatMap((reference) => {
    const record = records[reference.vendor];
    return record === undefined ? [] : [{ ...reference, ...record }];
  });
  const [tied, pointed] = [named.filter(isAssociation), named.filter((one) => !isAssociation(one))];
  const several = pointed.filter(({ objects }) => objects.length > 1);
  const associations = tied.map(({ vendor, object, id }) =>
    // Named as the object is, it is the usual tie of the two.
    vendor === object ? { object, id } : { object, id, type: vendor },
  );
  return {
    fields: Object.fromEntries(pointed.map(({ vendor, id }) => [vendor, id])),
    ...(several.length === 0
      ? {}
      : { references: Object.fromEntries(several.map(({ vendor, object }) => [vendor, object])) }),
    ...(associations.length === 0 ? {} : { associations }),
  };
}

function isAssociation({ association }: CompiledReference): boolean {
  return association === true;
}

interface Situation {
  readonly system: System;
  readonly entity: Entity;
  readonly object: CompiledObject;
  readonly known: Known;
}

/**
 * The write goes as soon as the named records are there. Only where they are to come is that worth a word: what
 * belongs to a deal of another system is not due here.
 */
export function waitingFor(situation: Situation, missing: Named['missing']): Plan {
  const { entity, object } = situation;
  const waits = missing.flatMap(({ reference, awaited }) =>
    awaited === null
      ? []
      : [{ entity, object: object.object, awaited, expected: isExpected(situation, reference, awaited) }],
  );
  const isDue = waits.length > 0 && waits.every(({ expected }) => expected);
  return planOf([], isDue ? [waiting(situation)] : [], waits);
}

/** The hub makes such records, and nothing keeps it from making this one. */
function isExpected(situation: Situation, { objects }: CompiledReference, awaited: string): boolean {
  return objects.some((object) => isToCome(situation, object, awaited));
}

function isToCome({ system, known }: Situation, object: string, awaited: string): boolean {
  const { create } = system.mapping.objects[object] ?? {};
  const entity = known.named.get(awaited);
  if (!create || !entity || entity.withdrawn || !writesOn(system.settings, object)) return false;
  const had = ownObjects(entity, system.name);
  return create.when(entity.fields) && ![object, ...create.unless].some((one) => had.has(one));
}

function waiting({ system, entity, object }: Situation): Obstacle {
  const message = `A record that ${object.object} has to point to is not in ${system.name} yet; the write waits for it.`;
  return { entity, object: object.object, code: 'WAITS_FOR_REFERENCE', message };
}
