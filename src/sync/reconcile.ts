/**
 * Pushing is reconciliation: what the mapping says the CRM should hold, minus what it holds as last landed, is
 * the write. No difference, no write: so an echo dies, a retry is harmless, and a dry run is this computation
 * without the last step.
 */
import { type Entity, type EntityKind, parseRef, refText } from '../canonical/model.ts';
import type { Write } from '../connector/contract.ts';
import type { CompiledField, CompiledObject } from '../mapping/compiled.ts';
import type { FieldMemory, LandedRecord, Store } from '../store/contract.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { Json } from '../support/json.ts';
import { sameValue, valueAt } from './echo.ts';
import type { Hub, System } from './hub.ts';

/** One write that a push would make, field by field. */
export interface PlannedWrite {
  readonly entity: Entity;
  readonly object: CompiledObject;
  readonly write: Write;
  readonly fields: readonly PlannedField[];
  /** Text ref of the record; for one that is not landed yet, under its external id. */
  readonly ref: string;
  /** `modifiedAt` of the landed copy that the plan rests on; 0 when there is none. */
  readonly basis: number;
  /** Someone else may write these fields too: the landed copy must be fresh before we overwrite. */
  readonly needsFresh: boolean;
}

export interface PlannedField {
  readonly field: CompiledField;
  readonly from: Json;
  readonly to: Json;
  /** How often this very value was sent before without holding. */
  readonly repeats: number;
}

/** Something that keeps a wanted write from being planned, with what to do about it. */
export interface Obstacle {
  readonly entity: Entity;
  readonly object: string;
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

export interface Plan {
  readonly writes: readonly PlannedWrite[];
  readonly obstacles: readonly Obstacle[];
}

/** Entity kinds that a system's mapping writes in any way. */
export function pushedKinds(system: System): Set<EntityKind> {
  const written = Object.values(system.mapping.objects).filter((object) => isWritten(object));
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
  const own = new Map(entities.map((entity) => [entity.id, ownRefs(entity, system.name)]));
  const landed = await landedByRef(store, [...own.values()].flat());
  const referenced = await referencedRecords(store, system, entities);
  const aliases = await aliasesOf(store, system, entities, own);
  const memories = await memoriesByRef(store, system, entities, own, aliases);

  const plans = entities.flatMap((entity) =>
    Object.values(system.mapping.objects)
      .filter((object) => object.entity === entity.kind && isWritten(object))
      .map((object) => {
        const refs = own.get(entity.id) ?? [];
        const records = refs.flatMap((ref) => landed.get(ref) ?? []);
        return planObject({
          system,
          entity,
          object,
          refs,
          records,
          memories,
          referenced,
          aliases: aliases.get(entity.id) ?? [],
        });
      }),
  );
  return { writes: plans.flatMap((plan) => plan.writes), obstacles: plans.flatMap((plan) => plan.obstacles) };
}

interface Situation {
  readonly system: System;
  readonly entity: Entity;
  readonly object: CompiledObject;
  /** Text refs of all records that the entity has or had in this system. */
  readonly refs: readonly string[];
  /** The live ones among them. */
  readonly records: readonly LandedRecord[];
  readonly memories: ReadonlyMap<string, readonly FieldMemory[]>;
  readonly referenced: ReadonlyMap<string, string>;
  readonly aliases: readonly string[];
}

function planObject(situation: Situation): Plan {
  const { entity, object, records } = situation;
  const target = records.filter((record) => record.ref.object === object.object).sort(eldestFirst)[0];
  if (entity.withdrawn) return withdrawal(situation, target);
  if (target) return object.readOnly?.(target.body) ? nothing : update(situation, target);
  return creation(situation);
}

/** Duplicates inside a CRM are read all and written one: the eldest (design, hard rule 4). */
function eldestFirst(a: LandedRecord, b: LandedRecord): number {
  return a.createdAt - b.createdAt || (a.ref.id < b.ref.id ? -1 : 1);
}

function update(situation: Situation, record: LandedRecord): Plan {
  const { entity, object, memories } = situation;
  const ref = refText(record.ref);
  const remembered = memories.get(ref) ?? [];
  const { fields, obstacles } = differences(
    situation,
    (field) => held(record, field, remembered),
    remembered,
  );
  if (!fields.some(({ field }) => !field.silent)) return { writes: [], obstacles };
  const write: Write = {
    key: fingerprint(`${ref}|${entity.id}`),
    op: 'update',
    id: record.ref.id,
    fields: writeFields(fields),
    ...(record.version ? { version: record.version } : {}),
  };
  const needsFresh = fields.some(({ field }) => field.pulls);
  return {
    writes: [{ entity, object, write, fields, ref, basis: record.modifiedAt, needsFresh }],
    obstacles,
  };
}

function creation(situation: Situation): Plan {
  const { system, entity, object, memories, aliases } = situation;
  const { create, externalId } = object;
  if (!create || !externalId || !create.when(entity.fields)) return nothing;
  // Had one here, even a deleted one: a record that somebody took out is not brought back.
  const had = new Set([object.object, ...create.unless]);
  if (situation.refs.some((ref) => had.has(parseRef(ref).object))) return nothing;
  const known = [entity.id, ...aliases].find((id) => memories.has(externalRef(system, object, id)));
  const value = known ?? entity.id;
  const ref = externalRef(system, object, value);
  const remembered = memories.get(ref) ?? [];
  const sent = new Map(remembered.map((memory) => [memory.field, memory.sent]));
  const { fields, obstacles } = differences(situation, (field) => sent.get(field.vendor) ?? null, remembered);
  const references = referenceFields(situation);
  if (references === null) {
    const message = `A record that ${object.object} has to point to is not in ${system.name} yet; the write waits for it.`;
    return {
      writes: [],
      obstacles: [...obstacles, { entity, object: object.object, code: 'WAITS_FOR_REFERENCE', message }],
    };
  }
  if (!fields.some(({ field }) => !field.silent)) return { writes: [], obstacles };
  const all = known ? fields : everyField(situation, fields);
  const write: Write = {
    key: fingerprint(`${ref}|${entity.id}`),
    op: 'upsert',
    externalId: { field: externalId, value },
    fields: { ...(known ? {} : create.defaults), ...writeFields(all), ...references },
  };
  return { writes: [{ entity, object, write, fields: all, ref, basis: 0, needsFresh: false }], obstacles };
}

/** Our own child records go when what they tell of is gone, if the mapping says so. */
function withdrawal({ system, entity, object, memories }: Situation, target?: LandedRecord): Plan {
  const { externalId } = object;
  if (object.onWithdraw !== 'delete' || !externalId) return nothing;
  const ref = target ? refText(target.ref) : externalRef(system, object, entity.id);
  if (!target && !memories.has(ref)) return nothing;
  const key = fingerprint(`${ref}|${entity.id}`);
  const name = target ? { id: target.ref.id } : { externalId: { field: externalId, value: entity.id } };
  const write: Write = { key, op: 'delete', ...name, fields: {} };
  return {
    writes: [{ entity, object, write, fields: [], ref, basis: target?.modifiedAt ?? 0, needsFresh: false }],
    obstacles: [],
  };
}

const nothing: Plan = { writes: [], obstacles: [] };

interface Differences {
  readonly fields: PlannedField[];
  readonly obstacles: Obstacle[];
}

/** Wanted minus held, for every field that the mapping pushes. */
function differences(
  { entity, object }: Situation,
  heldOf: (field: CompiledField) => Json,
  remembered: readonly FieldMemory[],
): Differences {
  const fields: PlannedField[] = [];
  const obstacles: Obstacle[] = [];
  for (const field of object.fields) {
    if (!field.pushes || !(field.canonical in entity.fields)) continue;
    const wanted = field.toVendor(entity.fields);
    if ('missing' in wanted) {
      obstacles.push({
        entity,
        object: object.object,
        code: 'NO_COUNTERPART',
        message: wanted.missing,
        field: field.vendor,
      });
      continue;
    }
    const from = heldOf(field);
    if (sameValue(from, wanted.value) || field.sameAs(from, wanted.value)) continue;
    if (isBlank(wanted.value) && field.blanks !== 'clear') continue;
    const memory = remembered.find((one) => one.field === field.vendor && sameValue(one.sent, wanted.value));
    fields.push({ field, from, to: wanted.value, repeats: memory ? memory.repeats + 1 : 0 });
  }
  return { fields, obstacles };
}

/** What the record holds in this field, seen with our own writes in mind. */
function held(record: LandedRecord, field: CompiledField, memories: readonly FieldMemory[]): Json {
  const landed = valueAt(record.body, field.path);
  const memory = memories.find((one) => one.field === field.vendor);
  if (!memory) return landed;
  if (memory.answer !== undefined) return sameValue(landed, memory.answer) ? memory.sent : landed;
  // Written, but not read back yet: the landed copy is older than our write.
  return record.modifiedAt <= memory.basis ? memory.sent : landed;
}

/** A new record gets every value there is, not only those that differ from nothing. */
function everyField({ entity, object }: Situation, changed: readonly PlannedField[]): PlannedField[] {
  const also = object.fields.flatMap((field): PlannedField[] => {
    if (!field.creates || changed.some((one) => one.field === field)) return [];
    const wanted = field.toVendor(entity.fields);
    return 'missing' in wanted || isBlank(wanted.value)
      ? []
      : [{ field, from: null, to: wanted.value, repeats: 0 }];
  });
  return [...changed, ...also];
}

function isBlank(value: Json): boolean {
  return value === null || value === '';
}

function writeFields(fields: readonly PlannedField[]): Record<string, Json> {
  return Object.fromEntries(fields.map(({ field, to }) => [field.vendor, to]));
}

/** Null when a record that must be named is not known yet. */
function referenceFields({ entity, object, referenced }: Situation): Record<string, Json> | null {
  const named = object.references.map((reference): [string, Json | undefined] => {
    const id = entity.fields[reference.from];
    return [
      reference.vendor,
      typeof id === 'string' ? referenced.get(`${reference.object}|${id}`) : undefined,
    ];
  });
  if (named.some(([, id]) => id === undefined)) return null;
  return Object.fromEntries(named.map(([vendor, id]) => [vendor, id ?? null]));
}

// ------------------------------------------------------------------------------------- reading the store

/** Text refs of the entity's records in one system. */
export function ownRefs(entity: Entity, connection: string): string[] {
  const refs = entity.members.map((member) => member.slice(member.indexOf('|') + 1));
  return [...new Set(refs)].filter((ref) => parseRef(ref).connection === connection);
}

function externalRef(system: System, object: CompiledObject, value: string): string {
  return refText({ connection: system.name, object: object.object, id: `external:${value}` });
}

async function landedByRef(store: Store, refs: readonly string[]): Promise<Map<string, LandedRecord>> {
  const records = await store.landing.get(refs);
  return new Map(
    records.filter((record) => !record.tombstone).map((record) => [refText(record.ref), record]),
  );
}

/** `<object>|<entity id>` → record id, for every record that a planned write may have to name. */
async function referencedRecords(
  store: Store,
  system: System,
  entities: readonly Entity[],
): Promise<Map<string, string>> {
  const wanted = new Map<string, string[]>();
  for (const { references, entity: kind } of Object.values(system.mapping.objects)) {
    for (const { object, from } of references) {
      const ids = entities
        .flatMap((entity) => (entity.kind === kind ? String(entity.fields[from] ?? '') : []))
        .filter(Boolean);
      wanted.set(object, [...(wanted.get(object) ?? []), ...ids]);
    }
  }
  const found = new Map<string, string>();
  for (const [object, ids] of wanted) {
    for (const entity of await store.entities.get([...new Set(ids)])) {
      const ref = ownRefs(entity, system.name)
        .map(parseRef)
        .find((one) => one.object === object);
      if (ref) found.set(`${object}|${entity.id}`, ref.id);
    }
  }
  return found;
}

/**
 * Ids under which an entity may have been created before it was joined with an elder one. Only asked for
 * entities that a record would be created for: anything else is found by its landed record.
 */
async function aliasesOf(
  store: Store,
  system: System,
  entities: readonly Entity[],
  own: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, string[]>> {
  const creates = new Set(
    Object.values(system.mapping.objects).flatMap((object) => (object.create ? (object.entity ?? []) : [])),
  );
  const aliases = new Map<string, string[]>();
  for (const entity of entities) {
    if (!creates.has(entity.kind) || entity.kind === 'ChatTouch' || (own.get(entity.id)?.length ?? 0) > 0)
      continue;
    const lines = await store.entities.merges(entity.id);
    aliases.set(
      entity.id,
      lines.flatMap((line) => (line.what === 'joined' ? line.from : [])),
    );
  }
  return aliases;
}

async function memoriesByRef(
  store: Store,
  system: System,
  entities: readonly Entity[],
  own: ReadonlyMap<string, readonly string[]>,
  aliases: ReadonlyMap<string, readonly string[]>,
): Promise<Map<string, FieldMemory[]>> {
  const external = entities.flatMap((entity) =>
    Object.values(system.mapping.objects)
      .filter((object) => object.entity === entity.kind && object.externalId)
      .flatMap((object) =>
        [entity.id, ...(aliases.get(entity.id) ?? [])].map((id) => externalRef(system, object, id)),
      ),
  );
  const memories = await store.outbox.memories([...[...own.values()].flat(), ...external]);
  return Map.groupBy(memories, (memory) => memory.ref);
}
