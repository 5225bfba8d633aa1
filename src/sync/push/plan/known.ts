/** What the store knows of the entities that are about to be planned, read in a few queries for all of them. */

import type { Entity } from '../../../canonical/model.ts';
import { parseRef, refText } from '../../../canonical/names.ts';
import type { CompiledObject } from '../../../mapping/language/compiled.ts';
import type { LandedRecord } from '../../../store/contract/landing.ts';
import type { FieldMemory } from '../../../store/contract/outbox.ts';
import type { Refusal } from '../../../store/contract/refusals.ts';
import type { Store } from '../../../store/contract/store.ts';
import { createdAs, externalRefText } from '../../external-ref.ts';
import type { System } from '../../hub.ts';
import { ownCurrency } from '../../pull/own-currency.ts';
import { forgottenBy } from '../../restored.ts';
import { type Description, descriptionOf } from './described.ts';
import { heldOf } from './held.ts';
import { ownRefs } from './own-refs.ts';
import { Told } from './told.ts';
import { type Witness, witnessesOf } from './vouched.ts';

export interface Known {
  /** Text refs of all records that an entity has or had in the system, by entity id. */
  readonly own: ReadonlyMap<string, readonly string[]>;
  /** Entities of which no record is to be made, with what to say about it. */
  readonly held: ReadonlyMap<string, string>;
  /** The live ones, by text ref. */
  readonly landed: ReadonlyMap<string, LandedRecord>;
  /** `<object>|<entity id>` → record id, for every record that a write may have to name. */
  readonly referenced: ReadonlyMap<string, string>;
  /** Ids under which an entity may have been created before it was joined with an older one. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** What we wrote before, by text ref or, for records not landed yet, by `externalRef`. */
  readonly memories: ReadonlyMap<string, readonly FieldMemory[]>;
  /** What the CRM did not take, by the same refs. */
  readonly refusals: ReadonlyMap<string, readonly Refusal[]>;
  /** What the CRM says of its fields, by object that is written. */
  readonly descriptions: ReadonlyMap<string, Description | null | undefined>;
  /** Entities that a write may have to name, by id. */
  readonly named: ReadonlyMap<string, Entity>;
  /** What the records say, by entity id, of entities of which one record's value might reach another of the system. */
  readonly witnesses: ReadonlyMap<string, readonly Witness[]>;
  /** The system's own; null: not known. */
  readonly currency: string | null;
}

export async function readKnown(store: Store, system: System, entities: readonly Entity[]): Promise<Known> {
  const own = new Map(entities.map((entity) => [entity.id, ownRefs(entity, system.name)]));
  const landed = await landedByRef(store, [...own.values()].flat());
  const { referenced, named } = await referencedRecords(store, system, entities);
  const told = new Told(store);
  const hasOthers = (entity: Entity) => hasOtherRecords(system, entity, own.get(entity.id) ?? []);
  const isForgotten = await forgottenBy(store);
  const witnesses = await witnessesOf(told, system.name, entities, hasOthers, isForgotten);
  const aliases = await aliasesOf(store, system, entities, own);
  const refs = [...writtenRefs(system, entities, own, aliases), ...createdRefs(system, landed.values())];
  const memories = await told.memories(refs);
  const refusals = Map.groupBy(await store.refusals.of(refs), ({ ref }) => ref);
  const descriptions = await descriptionsOf(store, system, entities);
  const currency = (await ownCurrency(store, system.name))?.code ?? null;
  const held = await heldOf(store, system.name, entities);
  return {
    own,
    landed,
    held,
    referenced,
    named,
    aliases,
    memories,
    refusals,
    descriptions,
    witnesses,
    currency,
  };
}

async function descriptionsOf(
  store: Store,
  system: System,
  entities: readonly Entity[],
): Promise<Map<string, Description | null | undefined>> {
  const kinds = new Set(entities.map(({ kind }) => kind));
  const objects = Object.values(system.mapping.objects).filter(
    ({ entity, fields, create }) =>
      entity !== null && kinds.has(entity) && (create !== undefined || fields.some(({ pushes }) => pushes)),
  );
  const found = new Map<string, Description | null | undefined>();
  for (const { object } of objects) found.set(object, await descriptionOf(store, system, object));
  return found;
}

/** Whether a record that is written, or made, has others of the same system beside it. */
function hasOtherRecords(system: System, { kind }: Entity, own: readonly string[]): boolean {
  if (own.length !== 1) return own.length > 1;
  const { object } = parseRef(own[0] ?? '');
  return Object.values(system.mapping.objects).some(
    (other) => other.entity === kind && other.create !== undefined && other.object !== object,
  );
}

/** Objects of which the entity has or had a record in one system. */
export function ownObjects(entity: Entity, connection: string): Set<string> {
  return new Set(ownRefs(entity, connection).map((ref) => parseRef(ref).object));
}

export function externalRef(system: System, object: CompiledObject, value: string): string {
  return externalRefText(system.name, object.object, value);
}

async function landedByRef(store: Store, refs: readonly string[]): Promise<Map<string, LandedRecord>> {
  const records = await store.landing.get(refs);
  return new Map(
    records.filter((record) => !record.tombstone).map((record) => [refText(record.ref), record]),
  );
}

export interface References {
  readonly referenced: ReadonlyMap<string, string>;
  readonly named: ReadonlyMap<string, Entity>;
}

/** Only live records are named; of several, the one that the hub writes to. */
export async function referencedRecords(
  store: Store,
  system: System,
  entities: readonly Entity[],
): Promise<References> {
  const wanted = referencesOf(system, entities);
  const named = new Map(
    (await store.entities.get([...new Set(wanted.map(({ id }) => id))])).map((entity) => [entity.id, entity]),
  );
  const landed = await landedByRef(
    store,
    [...named.values()].flatMap((entity) => ownRefs(entity, system.name)),
  );
  const referenced = new Map<string, string>();
  for (const { object, id } of wanted) {
    const entity = named.get(id);
    const records = (entity ? ownRefs(entity, system.name) : []).flatMap((ref) => landed.get(ref) ?? []);
    const record = records.filter(({ ref }) => ref.object === object).sort(eldestFirst)[0];
    if (record) referenced.set(`${object}|${id}`, record.ref.id);
  }
  return { referenced, named };
}

function referencesOf(system: System, entities: readonly Entity[]): { object: string; id: string }[] {
  return Object.values(system.mapping.objects).flatMap(({ references, entity: kind }) =>
    references.flatMap(({ objects, from }) =>
      entities.flatMap((entity) => {
        const id = entity.kind === kind ? entity.fields[from] : undefined;
        return typeof id === 'string' && id !== '' ? objects.map((object) => ({ object, id })) : [];
      }),
    ),
  );
}

/** Duplicates inside a CRM are read all and written one: the eldest (design, hard rule 4). */
export function eldestFirst(a: LandedRecord, b: LandedRecord): number {
  return a.createdAt - b.createdAt || (a.ref.id < b.ref.id ? -1 : 1);
}

/**
 * Ids under which an entity may have been created before it was joined with an older one. Only asked for
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
  const isToCreate = ({ id, kind }: Entity) =>
    creates.has(kind) && kind !== 'ChatTouch' && (own.get(id)?.length ?? 0) === 0;
  const lines = await store.entities.merges(entities.filter(isToCreate).map(({ id }) => id));
  return new Map(
    [...lines].map(([id, told]) => [id, told.flatMap(({ what, from }) => (what === 'joined' ? from : []))]),
  );
}

/** Text refs of records that may be written, those that are yet to be made included. */
function writtenRefs(
  system: System,
  entities: readonly Entity[],
  own: ReadonlyMap<string, readonly string[]>,
  aliases: ReadonlyMap<string, readonly string[]>,
): string[] {
  const external = entities.flatMap((entity) =>
    Object.values(system.mapping.objects)
      .filter((object) => object.entity === entity.kind && object.externalId)
      .flatMap((object) =>
        [entity.id, ...(aliases.get(entity.id) ?? [])].map((id) => externalRef(system, object, id)),
      ),
  );
  return [...[...own.values()].flat(), ...external];
}

function createdRefs({ mapping }: System, landed: Iterable<LandedRecord>): string[] {
  return [...landed].flatMap((record) => {
    const object = mapping.objects[record.ref.object];
    return (object && createdAs(object, record)) ?? [];
  });
}
