/** No lost update, no doubled record: what a write rests on is read again just before it goes. */
import type { Hub, System } from './hub.ts';
import type { Fate } from './outcomes.ts';
import type { PlannedWrite } from './plan.ts';
import { fetchRecords, pulledAt, pullStream } from './pull.ts';

/** How long a creation waits for a first pull that has not been through yet, and for one that somebody else makes. */
const firstPullWaitMs = 5_000;
const otherPullWaitMs = 500;

/** Re-reads the records of which a field that others may write, too, is about to be overwritten: one call per batch. */
export async function freshen(hub: Hub, system: System, writes: readonly PlannedWrite[]): Promise<void> {
  const shared = writes.filter((write) => write.needsFresh);
  for (const [object, group] of Map.groupBy(shared, (write) => write.object.object)) {
    const ids = group.flatMap(({ write }) => write.id ?? []);
    await fetchRecords(hub, system, object, ids);
  }
}

/**
 * Creations go only after the system has been read once in full and again just now: whatever is there already
 * must have had its chance to match.
 */
export async function readyToCreate(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
): Promise<Map<PlannedWrite, Fate>> {
  const fates = new Map<PlannedWrite, Fate>();
  const creations = writes.filter(({ write, object }) => write.op === 'upsert' && object.create);
  for (const [, group] of Map.groupBy(creations, (write) => write.object.object)) {
    const fate = await creationFate(hub, system, group[0]);
    if (fate) for (const write of group) fates.set(write, fate);
  }
  return fates;
}

async function creationFate(
  hub: Hub,
  system: System,
  sample: PlannedWrite | undefined,
): Promise<Fate | null> {
  if (!sample?.object.create) return null;
  const matching = [sample.object.object, ...sample.object.create.unless];
  for (const object of matching.filter((one) => system.connector.streams?.[one])) {
    const fate = await catchUp(hub, system, object);
    if (fate) return fate;
  }
  return null;
}

/** Null when nothing has appeared in the object that a creation did not know of. */
async function catchUp(hub: Hub, system: System, object: string): Promise<Fate | null> {
  const enough = hub.clock.now() - hub.settings.freshForMs;
  const before = await pulledAt(hub, system.name, object);
  if (before === null) return { kind: 'later', wait: () => firstPullWaitMs };
  if (before >= enough) return null;
  const { changed } = await pullStream(hub, system, object);
  if (changed > 0) return { kind: 'again' };
  const after = (await pulledAt(hub, system.name, object)) ?? before;
  return after >= enough ? null : { kind: 'later', wait: () => otherPullWaitMs };
}
