/** Why there is, or is not, a record of one thing in each object that could hold one. */

import type { Entity } from '../canonical/model.ts';
import { parseRef, refText } from '../canonical/names.ts';
import type { CompiledObject } from '../mapping/language/compiled.ts';
import { type Settings, writesOn } from '../settings/schema.ts';
import type { Hub, System } from '../sync/hub.ts';
import { neverRead } from '../sync/pull/first-read.ts';
import { isIdAlone } from '../sync/push/plan/hub-id.ts';
import { ownRefs } from '../sync/push/plan/own-refs.ts';
import type { Plan, PlannedWrite } from '../sync/push/plan/plan.ts';
import { planWrites } from '../sync/push/plan/reconcile.ts';

export interface Place {
  readonly connection: string;
  readonly object: string;
  /** Ids of the entity's records there. */
  readonly records: readonly string[];
  /** What the next push would do, or why it would do nothing. */
  readonly why: string;
}

/** Reads the store; asks no vendor. */
export async function elsewhere(hub: Hub, entity: Entity): Promise<Place[]> {
  const unread = await neverRead(hub);
  const places: Place[] = [];
  for (const system of hub.systems.values()) {
    const objects = Object.values(system.mapping.objects).filter((object) => object.entity === entity.kind);
    if (objects.length === 0 || !system.connector.sink) continue;
    const { hubIds } = hub.settings.identity;
    const plan = await planWrites(hub, system, [entity]);
    const idsAlone = (await planWrites(withIdsAlone(hub), system, [entity])).writes.filter(isIdAlone);
    for (const object of objects) {
      const records = recordsIn(entity, system, object);
      const gone = await goneOf(hub, system, object.object, records);
      places.push({
        connection: system.name,
        object: object.object,
        records,
        why: why({ hubIds, system, object, entity, plan, idsAlone, records, gone, unread }),
      });
    }
  }
  return places;
}

/** As if the hub's ids were a reason to write: what is planned besides is an id that a record lacks. */
function withIdsAlone(hub: Hub): Hub {
  const identity = { ...hub.settings.identity, hubIds: 'always' as const };
  return { ...hub, settings: { ...hub.settings, identity } };
}

interface Case {
  readonly system: System;
  readonly object: CompiledObject;
  readonly entity: Entity;
  readonly plan: Plan;
  readonly hubIds: Settings['identity']['hubIds'];
  /** Writes of nothing but the hub's id. */
  readonly idsAlone: Plan['writes'];
  readonly records: readonly string[];
  /** Those of `records` that were deleted or merged away. */
  readonly gone: ReadonlySet<string>;
  readonly unread: readonly string[];
}

function why(given: Case): string {
  const { system, object, plan, unread } = given;
  const planned = plan.writes.find((write) => write.object === object);
  const [obstacle] = plan.obstacles.filter((one) => one.object === object.object);
  if (!planned) return obstacle ? obstacle.message : nothingToDo(given);
  const deed = deedOf(planned);
  if (!writesOn(system.settings, object.object)) return `${deed}, but writes are off for ${object.object}`;
  if (unread.length > 0) return `${deed} once ${unread.join(', ')} has been read to the end`;
  return `${deed} by the next push`;
}

function deedOf(planned: PlannedWrite): string {
  if (planned.write.op === 'upsert') return 'would be created';
  if (isIdAlone(planned)) return 'its hub id would be written, in one call with others';
  const { length } = planned.fields;
  return `${length === 1 ? '1 field' : `${length} fields`} would be written`;
}

/** No write is planned, and nothing stands in its way. */
function nothingToDo({ hubIds, system, object, entity, idsAlone, records, gone }: Case): string {
  if (records.length > 0 && records.some((id) => !gone.has(id)))
    return idsAlone.some((write) => write.object === object)
      ? `holds what it should, but for its hub id, which goes along with the next value (\`identity.hubIds: ${hubIds}\`)`
      : 'holds what it should';
  if (records.length > 0) return 'gone there; the hub does not make it again';
  const { create } = object;
  if (!create) return `none; the mapping never creates ${object.object} records`;
  const instead = create.unless.filter((other) => recordsIn(entity, system, { object: other }).length > 0);
  if (instead.length > 0) return `none is needed: the ${instead.join(' and ')} is there`;
  const unmet = create.unmet(entity.fields);
  if (unmet.length > 0) return `none; \`create: when\` asks for ${unmet.join(', ')}`;
  return entity.withdrawn ? 'none; every record of it is gone' : 'none';
}

async function goneOf(
  { store }: Hub,
  { name: connection }: System,
  object: string,
  ids: readonly string[],
): Promise<Set<string>> {
  const landed = await store.landing.get(ids.map((id) => refText({ connection, object, id })));
  return new Set(landed.flatMap(({ ref, tombstone }) => (tombstone ? [ref.id] : [])));
}

function recordsIn(entity: Entity, { name }: System, { object }: Pick<CompiledObject, 'object'>): string[] {
  return ownRefs(entity, name)
    .map(parseRef)
    .filter((ref) => ref.object === object)
    .map(({ id }) => id);
}
