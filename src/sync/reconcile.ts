/**
 * Pushing is reconciliation: what the mapping says the CRM should hold, minus what it holds as last landed, is
 * the write. No difference, no write: so an echo dies, a retry is harmless, and a dry run is this computation
 * without the last step.
 */
import { type Entity, type EntityKind, parseRef, refText } from '../canonical/model.ts';
import type { Write } from '../connector/contract.ts';
import type { CompiledObject } from '../mapping/compiled.ts';
import type { FieldMemory, LandedRecord, Store } from '../store/contract.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { differences, everyField, held, writeFields } from './differences.ts';
import { withoutErased } from './erasure.ts';
import type { Hub, System } from './hub.ts';
import { externalRef, type Known, readKnown } from './known.ts';
import { nothing, type Obstacle, type Plan, planOf } from './plan.ts';

/** Entity kinds that a system's mapping writes in any way. */
export function pushedKinds(system: System): Set<EntityKind> {
  const written = Object.values(system.mapping.objects).filter(isWritten);
  return new Set(written.flatMap((object) => object.entity ?? []));
}

function isWritten(object: CompiledObject): boolean {
  return object.fields.some((field) => field.pushes) || object.create !== undefined;
}

/** Plans what `system` should be told of these entities. Reads the store, asks no vendor. */
export async function planWrites(
  hub: Hub,
  system: System,
  entities: readonly Entity[],
  store: Store = hub.store,
): Promise<Plan> {
  const known = await readKnown(store, system, entities);
  const plans = entities.flatMap((entity) =>
    Object.values(system.mapping.objects)
      .filter((object) => object.entity === entity.kind && isWritten(object))
      .map((object) => planObject({ system, entity, object, known })),
  );
  return planOf(
    await withoutErased(
      store,
      system,
      plans.flatMap((plan) => plan.writes),
    ),
    plans.flatMap((plan) => plan.obstacles),
  );
}

/** One entity and one object of one system: at most one write. */
interface Situation {
  readonly system: System;
  readonly entity: Entity;
  readonly object: CompiledObject;
  readonly known: Known;
}

function planObject(situation: Situation): Plan {
  const { entity, object } = situation;
  const target = primaryRecord(situation);
  if (entity.withdrawn) return withdrawal(situation, target);
  if (target) return object.readOnly?.(target.body) ? nothing : update(situation, target);
  return creation(situation);
}

/** Duplicates inside a CRM are read all and written one: the eldest (design, hard rule 4). */
function primaryRecord({ entity, object, known }: Situation): LandedRecord | undefined {
  const records = (known.own.get(entity.id) ?? []).flatMap((ref) => known.landed.get(ref) ?? []);
  return records.filter((record) => record.ref.object === object.object).sort(eldestFirst)[0];
}

export function eldestFirst(a: LandedRecord, b: LandedRecord): number {
  return a.createdAt - b.createdAt || (a.ref.id < b.ref.id ? -1 : 1);
}

function update({ entity, object, known }: Situation, record: LandedRecord): Plan {
  const ref = refText(record.ref);
  const remembered = known.memories.get(ref) ?? [];
  const { fields, obstacles, worthWriting } = differences(entity, object, remembered, (field) =>
    held(record, field, remembered),
  );
  if (!worthWriting) return planOf([], obstacles);
  const write: Write = {
    key: writeKey(ref, entity),
    op: 'update',
    id: record.ref.id,
    fields: writeFields(fields),
    ...(record.version ? { version: record.version } : {}),
  };
  const needsFresh = fields.some(({ field }) => field.pulls);
  const basis = Math.max(record.modifiedAt, ...ownWrites(remembered));
  return planOf([{ entity, object, write, fields, ref, basis, needsFresh }], obstacles);
}

/** When our writes took effect there: a landed copy from before the last of them is not the latest that we know. */
function ownWrites(remembered: readonly FieldMemory[]): number[] {
  return remembered.flatMap(({ status, basis }) => (status === 'written' ? basis : []));
}

function creation(situation: Situation): Plan {
  const { entity, object, known } = situation;
  const { create, externalId } = object;
  if (!create || !externalId || !create.when(entity.fields) || hadOneHere(situation)) return nothing;
  const { ref, value, remembered } = createdBefore(situation);
  const written = remembered.filter(({ status }) => status === 'written');
  const sent = new Map(written.map((memory) => [memory.field, memory.sent]));
  const { fields, obstacles, worthWriting } = differences(
    entity,
    object,
    remembered,
    (field) => sent.get(field.vendor) ?? null,
  );
  const references = referenceFields(entity, object, known);
  if (references === null) {
    // Our record there points to what is no longer this entity's, or there is none yet.
    const outlived = withdrawal(situation);
    return outlived.writes.length > 0 ? outlived : planOf([], [...obstacles, waiting(situation)]);
  }
  const moved = Object.entries(references).some(([name, id]) => sent.has(name) && sent.get(name) !== id);
  if (!worthWriting && !moved) return planOf([], obstacles);
  const isNew = written.length === 0;
  const all = isNew ? everyField(entity, object, fields) : fields;
  const write: Write = {
    key: writeKey(ref, entity),
    op: 'upsert',
    externalId: { field: externalId, value },
    fields: { ...(isNew ? create.defaults : {}), ...writeFields(all), ...references },
  };
  const planned = { entity, object, write, fields: all, references, ref, basis: 0, needsFresh: false };
  return planOf([planned], obstacles);
}

/** A record that somebody took out is not brought back, and a contact needs no lead beside it. */
function hadOneHere({ entity, object, known }: Situation): boolean {
  const objects = new Set([object.object, ...(object.create?.unless ?? [])]);
  return (known.own.get(entity.id) ?? []).some((ref) => objects.has(parseRef(ref).object));
}

/** The external id under which we created the record already, if we did; else the one that it is to get. */
function createdBefore({ system, entity, object, known }: Situation): {
  ref: string;
  value: string;
  remembered: readonly FieldMemory[];
} {
  const ids = [entity.id, ...(known.aliases.get(entity.id) ?? [])];
  const value = ids.find((id) => known.memories.has(externalRef(system, object, id))) ?? entity.id;
  const ref = externalRef(system, object, value);
  return { ref, value, remembered: known.memories.get(ref) ?? [] };
}

function waiting({ system, entity, object }: Situation): Obstacle {
  const message = `A record that ${object.object} has to point to is not in ${system.name} yet; the write waits for it.`;
  return { entity, object: object.object, code: 'WAITS_FOR_REFERENCE', message };
}

/** Our own child records go when what they tell of is gone, if the mapping says so. */
function withdrawal({ system, entity, object, known }: Situation, target?: LandedRecord): Plan {
  const { externalId } = object;
  if (object.onWithdraw !== 'delete' || !externalId) return nothing;
  const ref = target ? refText(target.ref) : externalRef(system, object, entity.id);
  if (!target && !known.memories.has(ref)) return nothing;
  const name = target ? { id: target.ref.id } : { externalId: { field: externalId, value: entity.id } };
  const write: Write = { key: writeKey(ref, entity), op: 'delete', ...name, fields: {} };
  return planOf([
    { entity, object, write, fields: [], ref, basis: target?.modifiedAt ?? 0, needsFresh: false },
  ]);
}

function writeKey(ref: string, entity: Entity): string {
  return fingerprint(`${ref}|${entity.id}`);
}

/** Null when a record that must be named is not known yet. */
function referenceFields(
  entity: Entity,
  object: CompiledObject,
  known: Known,
): Record<string, string> | null {
  const fields: Record<string, string> = {};
  for (const reference of object.references) {
    const named = entity.fields[reference.from];
    const id = typeof named === 'string' ? known.referenced.get(`${reference.object}|${named}`) : undefined;
    if (id === undefined) return null;
    fields[reference.vendor] = id;
  }
  return fields;
}
