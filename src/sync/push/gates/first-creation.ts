/**
 * The first records that the hub makes in an object of a CRM are a step that a person takes, whatever their number:
 * it asks, and remembers the answer. Records that only the hub writes (its own child objects) are no such step.
 */
import { displayName } from '../../../canonical/display-name.ts';
import type { Hub, System } from '../../hub.ts';
import { isOurs } from '../../targets.ts';
import type { WriteDecision } from '../judge.ts';
import type { PlannedWrite } from '../plan/plan.ts';

export const firstCreationCode = 'FIRST_CREATION';

/** With `yes` the admin has allowed it, from then on. */
export async function asksToCreate(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  yes: boolean,
): Promise<Map<PlannedWrite, WriteDecision>> {
  const decisions = new Map<PlannedWrite, WriteDecision>();
  const creations = writes.filter(({ write, object }) => write.op === 'upsert' && !isOurs(object));
  for (const [object, group] of Map.groupBy(creations, (write) => write.object.object)) {
    if (await mayCreate(hub, system, object)) continue;
    if (yes) await allowCreation(hub, system, object);
    else for (const write of group) decisions.set(write, question(system, object, group));
  }
  return decisions;
}

/** Whether records have been made there before, or a person has allowed it. */
export async function mayCreate(hub: Hub, system: System, object: string): Promise<boolean> {
  if (hub.settings.safety.firstCreation === 'allow') return true;
  if ((await hub.store.connections.state(keyOf(system, object))) !== null) return true;
  if (!(await hub.store.outbox.hasCreated(system.name, object))) return false;
  await allowCreation(hub, system, object);
  return true;
}

/** From now on. */
export async function allowCreation(hub: Hub, system: System, object: string): Promise<void> {
  await hub.store.connections.saveState(keyOf(system, object), { at: hub.clock.now() });
}

function question({ name }: System, object: string, group: readonly PlannedWrite[]): WriteDecision {
  const { length } = group;
  const records = length === 1 ? 'a record' : `${length} records`;
  const message =
    `This push would create ${records} of ${object}, the first that the hub makes there: ${samples(group)}. ` +
    `Look with \`hub plan ${name}\`, then allow it with \`hub push --yes\`.`;
  return { kind: 'park', reason: { code: firstCreationCode, message } };
}

const shown = 3;

function samples(group: readonly PlannedWrite[]): string {
  const names = group.slice(0, shown).map(({ entity: { id, fields } }) => displayName(fields) ?? id);
  return group.length > shown ? `${names.join(', ')}, …` : names.join(', ');
}

function keyOf({ name }: System, object: string): string {
  return `creates:${name}:${object}`;
}
