/** Which deal a row of ours belongs to. */

import type { Entity } from '../../../canonical/model.ts';
import { keyText, recordKey } from '../../../canonical/names.ts';
import type { CompiledObject, CompiledReference } from '../../../mapping/language/compiled.ts';
import type { FieldMemory } from '../../../store/contract/outbox.ts';
import type { Store } from '../../../store/contract/store.ts';
import type { System } from '../../hub.ts';

interface Row {
  readonly entity: Entity;
  readonly object: CompiledObject;
  /** Under its external id. */
  readonly ref: string;
  /** Record ids that it names now, by vendor field. */
  readonly references?: Readonly<Record<string, string>>;
}

/**
 * Ids of deals, of those that are rows; found by the records that they point to. Of one that is to be deleted only
 * what was sent is left.
 */
export async function dealsOfRows<T extends Row>(
  store: Store,
  system: System,
  writes: readonly T[],
): Promise<Map<T, string>> {
  const rows = writes.filter(({ entity }) => entity.kind === 'ChatTouch');
  const memories = await store.outbox.memories(rows.map(({ ref }) => ref));
  const sent = Map.groupBy(memories, ({ ref }) => ref);
  const keys = new Map(rows.map((row) => [row, dealKey(system, row, sent.get(row.ref) ?? [])]));
  const named = [...keys.values()].filter((key) => key !== undefined);
  const ids = await store.entities.byKey('Deal', [...new Set(named)]);
  return new Map([...keys].flatMap(([row, key = '']) => (ids[key] ? [[row, ids[key]]] : [])));
}

function eachObject({ vendor, objects }: CompiledReference): { vendor: string; object: string }[] {
  return objects.map((object) => ({ vendor, object }));
}

/** The identity key of the deal's record; undefined where the row names none. */
function dealKey(
  { name: connection, mapping }: System,
  { object: { references }, references: named }: Row,
  sent: readonly FieldMemory[],
): string | undefined {
  for (const { vendor, object } of references.flatMap(eachObject)) {
    const id = named?.[vendor] ?? sent.find(({ field }) => field === vendor)?.sent;
    if (mapping.objects[object]?.entity === 'Deal' && typeof id === 'string')
      return keyText(recordKey({ connection, object, id }));
  }
  return undefined;
}
