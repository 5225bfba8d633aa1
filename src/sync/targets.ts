/** Who is told of an entity: the systems whose mappings write its kind. */
import type { Entity, EntityKind } from '../canonical/model.ts';
import type { CompiledObject } from '../mapping/language/compiled.ts';
import type { Store } from '../store/contract/store.ts';
import type { Hub, System } from './hub.ts';

export function pushedKinds(system: System): Set<EntityKind> {
  const written = Object.values(system.mapping.objects).filter(isWritten);
  return new Set(written.flatMap((object) => object.entity ?? []));
}

export function isWritten(object: CompiledObject): boolean {
  return object.fields.some((field) => field.pushes) || object.create !== undefined;
}

/** The hub is the only author there: its records come and go with what they tell of. */
export function isOurs({ externalId, onWithdraw }: CompiledObject): boolean {
  return externalId !== undefined && onWithdraw === 'delete';
}

/** The key of stage 5. */
export function pushKey({ name }: Pick<System, 'name'>, kind: EntityKind, id: string): string {
  return `${name}|${kind}|${id}`;
}

/** How the keys of all entities of a kind begin. */
export function pushPrefix(system: Pick<System, 'name'>, kind: EntityKind): string {
  return pushKey(system, kind, '');
}

export function entityOfKey(key: string): string {
  return key.slice(key.lastIndexOf('|') + 1);
}

/** The keys of every system that writes that kind. */
export function pushKeys(
  hub: Hub,
  entities: readonly { readonly id: string; readonly kind: EntityKind }[],
): string[] {
  return [...hub.systems.values()].flatMap((system) => {
    const kinds = pushedKinds(system);
    return entities.flatMap(({ id, kind }) => (kinds.has(kind) ? [pushKey(system, kind, id)] : []));
  });
}

/** Entities that are gone (merged away, touches that ended) stand as withdrawn, so that their records can follow. */
export async function entitiesOfKeys({ entities }: Store, keys: readonly string[]): Promise<Entity[]> {
  const present = new Map((await entities.get(keys.map(entityOfKey))).map((entity) => [entity.id, entity]));
  return keys.map((key) => present.get(entityOfKey(key)) ?? goneEntity(key));
}

function goneEntity(key: string): Entity {
  const kind = key.split('|')[1] as EntityKind;
  return { id: entityOfKey(key), kind, fields: {}, provenance: {}, members: [], withdrawn: true };
}
