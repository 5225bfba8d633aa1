/**
 * Objects that nothing is written to until a person allows it: those of which a run was undone. Kept in the
 * store, so that a server which still runs on older settings keeps to it, too.
 */
import type { Hub, System } from '../../hub.ts';
import type { WriteDecision } from '../judge.ts';
import type { PlannedWrite } from '../plan/plan.ts';

export const undoneCode = 'UNDONE';

export async function hold(hub: Hub, connection: string, object: string, run: string): Promise<void> {
  await hub.store.connections.saveState(keyOf(connection, object), run);
}

/** The run that was undone; null when the object is not held. */
async function heldFor(hub: Hub, connection: string, object: string): Promise<string | null> {
  const run = await hub.store.connections.state(keyOf(connection, object));
  return typeof run === 'string' ? run : null;
}

export async function liftHolds(hub: Hub, system: System): Promise<void> {
  for (const object of Object.keys(system.mapping.objects)) {
    if ((await heldFor(hub, system.name, object)) === null) continue;
    await hub.store.connections.saveState(keyOf(system.name, object), null);
  }
}

/** Takes out the writes to held objects, each with the word that a person needs. */
export async function heldBack(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const decisions = new Map<PlannedWrite, WriteDecision>();
  for (const [object, group] of Map.groupBy(writes, (write) => write.object.object)) {
    const run = await heldFor(hub, system.name, object);
    if (run === null) continue;
    const message =
      `Nothing is written to ${object} since run ${run} was undone. Mend what was wrong, look with ` +
      `\`hub plan ${system.name}\`, then go on with \`hub push --yes\`.`;
    for (const write of group) decisions.set(write, { kind: 'park', reason: { code: undoneCode, message } });
  }
  return decisions;
}

function keyOf(connection: string, object: string): string {
  return `held:${connection}:${object}`;
}
