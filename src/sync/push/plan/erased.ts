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
  const kept: PlannedWrite[] = [];
  for (const write of writes) {
    const name = mayCreate(write) ? erasureOf(connection, write.entity) : undefined;
    if (name === undefined || (await store.connections.state(name)) === null) kept.push(write);
  }
  return kept;
}

function mayCreate({ write, object, entity }: PlannedWrite): boolean {
  return write.op === 'upsert' && object.create !== undefined && entity.kind === 'Person';
}
