/** No write brings back a person who was erased at the system. */
import type { Store } from '../../../store/contract/store.ts';
import type { System } from '../../hub.ts';
import { erasureOf } from '../../normalize/erasure.ts';
import type { PlannedWrite } from './plan.ts';

export async function withoutErased(
  store: Store,
  { name: connection }: System,
  writes: readonly PlannedWrite[],
): Promise<PlannedWrite[]> {
  const nameOf = (write: PlannedWrite) =>
    mayCreate(write) ? erasureOf(connection, write.entity) : undefined;
  const erased = await store.connections.states([...new Set(writes.flatMap((write) => nameOf(write) ?? []))]);
  return erased.size === 0 ? [...writes] : writes.filter((write) => !erased.has(nameOf(write) ?? ''));
}

function mayCreate({ write, object, entity }: PlannedWrite): boolean {
  return write.op === 'upsert' && object.create !== undefined && entity.kind === 'Person';
}
