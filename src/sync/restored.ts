/**
 * A hub that was restored from a backup has forgotten what it wrote into the CRMs since. What stands there from that
 * time may be its own: it is no evidence of where a value came from.
 */
import { backedUp } from '../store/backup.ts';
import type { Store } from '../store/contract/store.ts';
import { isJsonObject } from '../support/json.ts';

const key = 'backup:forgotten';

/** The clocks of vendors and of the hub differ a little. */
const clocksApartMs = 10 * 60_000;

/** To be called when a store is opened: the time that it lacks ends now. */
export async function noteRestored(store: Store, now: number): Promise<void> {
  const takenAt = await store.connections.state(backedUp);
  if (typeof takenAt !== 'number') return;
  await store.connections.saveState(key, { from: takenAt - clocksApartMs, to: now + clocksApartMs });
  await store.connections.saveState(backedUp, null);
}

/** Whether what was written at a time may be the hub's own, and forgotten. */
export async function forgottenBy(store: Store): Promise<(at: number) => boolean> {
  const kept = await store.connections.state(key);
  if (!isJsonObject(kept) || typeof kept.from !== 'number' || typeof kept.to !== 'number') return () => false;
  const { from, to } = kept;
  return (at) => at >= from && at <= to;
}
