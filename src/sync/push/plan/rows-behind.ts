/** Rows that do not say (yet) what their deals show or are about to show. */

import { writesOn } from '../../../settings/schema.ts';
import { externalRefText } from '../../external-ref.ts';
import type { Hub, System } from '../../hub.ts';
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

/** Rows of an object to which nothing is written any more, while deals there are told new credit. */
export interface RowsLeft {
  readonly connection: string;
  readonly object: string;
  /** That the hub has made, as far as it remembers. */
  readonly rows: number;
}

/** None where deals are not told anything either: they and their rows go on showing one number. */
export async function rowsLeft(hub: Hub): Promise<RowsLeft[]> {
  const left: RowsLeft[] = [];
  for (const system of hub.systems.values()) {
    const objects = Object.values(system.mapping.objects);
    const isOn = (object: string) => writesOn(system.settings, object);
    if (!objects.some(({ entity, object }) => entity === 'Deal' && isOn(object))) continue;
    for (const { entity, object } of objects) {
      if (entity !== 'ChatTouch' || isOn(object)) continue;
      const rows = await rowsMade(hub, system, object);
      if (rows > 0) left.push({ connection: system.name, object, rows });
    }
  }
  return left;
}

const pageSize = 5_000;

async function rowsMade({ store }: Hub, { name }: System, object: string): Promise<number> {
  const prefix = externalRefText(name, object, '');
  let count = 0;
  for (let after: string | null = null; ; ) {
    const refs: string[] = await store.outbox.remembered(prefix, after, pageSize);
    const last = refs.at(-1);
    if (last === undefined) return count;
    count += refs.length;
    after = last;
  }
}
