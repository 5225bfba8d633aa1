/** Records that the hub alone writes, of what has ended: they are to be deleted, and no entity is left that says so. */
import type { Entity, EntityKind } from '../canonical/model.ts';
import { externalIdIn, externalRefText } from './external-ref.ts';
import type { Hub, System } from './hub.ts';
import { entitiesOfKeys, isOurs, pushKey } from './targets.ts';

const pageSize = 5_000;

/** A page after the other, as withdrawn entities. */
export async function* endedRows({ store }: Hub, system: System, kind: EntityKind): AsyncGenerator<Entity[]> {
  const objects = Object.values(system.mapping.objects);
  for (const object of objects.filter((one) => one.entity === kind && isOurs(one))) {
    const prefix = externalRefText(system.name, object.object, '');
    for (let after: string | null = null; ; ) {
      const refs: string[] = await store.outbox.remembered(prefix, after, pageSize);
      const last = refs.at(-1);
      if (last === undefined) break;
      const keys = refs.map((ref) => pushKey(system, kind, externalIdIn(ref)));
      const ended = (await entitiesOfKeys(store, keys)).filter(({ withdrawn }) => withdrawn);
      if (ended.length > 0) yield ended;
      after = last;
    }
  }
}
