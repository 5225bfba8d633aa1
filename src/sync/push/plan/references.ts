/** The records that a write names beside its fields, and what becomes of a write that cannot name one yet. */
import type { CanonicalFields, Entity } from '../../../canonical/model.ts';
import type { CompiledObject, CompiledReference } from '../../../mapping/language/compiled.ts';
import { writesOn } from '../../../settings/schema.ts';
import type { System } from '../../hub.ts';
import { type Known, ownObjects } from './known.ts';
import { type Obstacle, type Plan, planOf } from './plan.ts';

export interface Named {
  /** Record ids by vendor field. */
  readonly ids: Readonly<Record<string, string>>;
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
  const ids: Record<string, string> = {};
  const missing: Missing[] = [];
  for (const reference of references) {
    const named = values[reference.from];
    const awaited = typeof named === 'string' && named !== '' ? named : null;
    const id = awaited === null ? undefined : referenced.get(`${reference.object}|${awaited}`);
    if (id === undefined) missing.push({ reference, awaited });
    else ids[reference.vendor] = id;
  }
  return { ids, missing };
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
function isExpected({ system, known }: Situation, { object }: CompiledReference, awaited: string): boolean {
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
