/** Obstacles that are worth a person's time: those of a write that would change something. */
import { refText } from '../../../canonical/names.ts';
import { sameCanonical } from '../../../mapping/language/kinds.ts';
import type { Store } from '../../../store/contract/store.ts';
import type { Obstacle } from './plan.ts';

/**
 * Without those of a value that the record itself says: it may have no line in the table by which it could be
 * written, but there is nothing to write.
 */
export async function withoutIdle(store: Store, obstacles: readonly Obstacle[]): Promise<Obstacle[]> {
  const names = obstacles.flatMap((obstacle) => nameOf(obstacle) ?? []);
  if (names.length === 0) return [...obstacles];
  const said = new Map(
    (await store.facts.contributions([...new Set(names)])).map((one) => [
      `${one.kind}|${refText(one.ref)}`,
      one.values,
    ]),
  );
  return obstacles.filter((obstacle) => {
    const { entity, canonical = '' } = obstacle;
    const own = said.get(nameOf(obstacle) ?? '')?.[canonical];
    return own === undefined || !sameCanonical(own.value, entity.fields[canonical]);
  });
}

function nameOf({ entity, ref, code }: Obstacle): string | undefined {
  return code === 'NO_COUNTERPART' && ref !== undefined ? `${entity.kind}|${ref}` : undefined;
}
