/** What the store knows of the entities that are about to be planned, read in a few queries for all of them. */
import { type Entity, parseRef, refText } from '../canonical/model.ts';
import { recordOf } from '../identity/resolve.ts';
import type { CompiledObject } from '../mapping/compiled.ts';
import type { FieldMemory, LandedRecord, Store } from '../store/contract.ts';
import type { System } from './hub.ts';

export interface Known {
  /** Text refs of all records that an entity has or had in the system, by entity id. */
  readonly own: ReadonlyMap<string, readonly string[]>;
  /** The live ones, by text ref. */
  readonly landed: ReadonlyMap<string, LandedRecord>;
  /** `<object>|<entity id>` → record id, for every record that a write may have to name. */
  readonly referenced: ReadonlyMap<string, string>;
  /** Ids under which an entity may have been created before it was joined with an elder one. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** What we wrote before, by text ref or, for records not landed yet, by `externalRef`. */
  readonly memories: ReadonlyMap<string, readonly FieldMemory[]>;
}

export async function readKnown(store: Store, system: System, entities: readonly Entity[]): Promise<Known> {
  const own = new Map(entities.map((entity) => [entity.id, ownRefs(entity, system.name)]));
  const landed = await landedByRef(store, [...own.values()].flat());
  const referenced = await referencedRecords(store, system, entities);
  const aliases = await aliasesOf(store, system, entities, own);
  const memories = await memoriesByRef(store, system, entities, own, aliases);
  return { own, landed, referenced, aliases, memories };
}

/** Text refs of the entity's records in one system. */
export function ownRefs(entity: Entity, connection: string): string[] {
  const refs = entity.members.map(recordOf);
  return [...new Set(refs)].filter((ref) => parseRef(ref).connection === connection);
}

/** Stands for a record that the hub creates, until it has landed under its own id. */
export function externalRef(system: System, object: CompiledObject, value: string): string {
  return refText({ connection: system.name, object: object.object, id: `external:${value}` });
}

async function landedByRef(store: Store, refs: readonly string[]): Promise<Map<string, LandedRecord>> {
  const records = await store.landing.get(refs);
  return new Map(
    records.filter((record) => !record.tombstone).map((record) => [refText(record.ref), record]),
  );
}

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
