/**
 * Whoever was erased at a system is not created there again, even if they are known from elsewhere or come back
 * to the chat. All that is kept of them is a print of the address that they had.
 */
import { type Entity, refText } from '../canonical/model.ts';
import { keyText, recordKey } from '../identity/keys.ts';
import type { LandedRecord, Store } from '../store/contract.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { System } from './hub.ts';
import type { PlannedWrite } from './plan.ts';

/** To be called while it is still known whose records they are. */
export async function noteErasures(store: Store, erased: readonly LandedRecord[]): Promise<void> {
  for (const { ref, modifiedAt } of erased) {
    const own = keyText(recordKey(ref));
    const { [own]: id } = await store.entities.byKey('Person', [own]);
    const [person] = id === undefined ? [] : await store.entities.get([id]);
    const name = person && erasureOf(ref.connection, person);
    if (name !== undefined) await store.connections.saveState(name, { at: modifiedAt, ref: refText(ref) });
  }
}

/** The writes that would bring nobody back. */
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

function erasureOf(connection: string, { fields: { email } }: Entity): string | undefined {
  return typeof email === 'string' ? `erased:${connection}:${fingerprint(email)}` : undefined;
}
