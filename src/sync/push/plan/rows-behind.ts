/** Rows that do not say (yet) what their deals show or are about to show. */

import type { Hub } from '../../hub.ts';
import { entitiesOfKeys, pushPrefix } from '../../targets.ts';
import { dealsOfRows } from './deals-of-rows.ts';
import { externalRef } from './known.ts';

export interface RowsBehind {
  readonly rows: number;
  readonly deals: number;
}

/** Parked: their deals were told, and they were refused or wait for a person. */
export async function parkedRows({ store, systems }: Hub): Promise<RowsBehind> {
  const deals = new Set<string>();
  let count = 0;
  for (const system of systems.values()) {
    const parked = await store.work.parked({ stage: 'push', prefix: pushPrefix(system, 'ChatTouch') });
    const entities = await entitiesOfKeys(
      store,
      parked.map(({ key }) => key),
    );
    const rows = Object.values(system.mapping.objects)
      .filter((object) => object.entity === 'ChatTouch')
      .flatMap((object) =>
        entities.map((entity) => ({ entity, object, ref: externalRef(system, object, entity.id) })),
      );
    for (const deal of (await dealsOfRows(store, system, rows)).values()) deals.add(deal);
    for (const { fields } of entities) if (typeof fields.deal === 'string') deals.add(fields.deal);
    count += entities.length;
  }
  return { rows: count, deals: deals.size };
}
