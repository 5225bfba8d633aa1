/** No lost update, no doubled record: what a write rests on is read again just before it goes. */
import type { Hub, System } from '../../hub.ts';
import { fetchRecords } from '../../pull/named.ts';
import { pulledAt } from '../../pull/pulled-at.ts';
import { refusalOf, unseenCode } from '../../pull/refusals.ts';
import { pullStream } from '../../pull/stream.ts';
import type { WriteDecision } from '../judge.ts';
import type { PlannedWrite } from '../plan/plan.ts';

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
 * must have had its chance to match. Where that cannot be read, nobody waits, and a person decides.
 */
export async function readyToCreate(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const decisions = new Map<PlannedWrite, WriteDecision>();
  const creations = writes.filter(({ write, object }) => write.op === 'upsert' && object.create);
  for (const [, group] of Map.groupBy(creations, (write) => write.object.object)) {
    const decision = await creationDecision(hub, system, group[0]);
    if (decision) for (const write of group) decisions.set(write, decision);
  }
  return decisions;
}

async function creationDecision(
  hub: Hub,
  system: System,
  sample: PlannedWrite | undefined,
): Promise<WriteDecision | null> {
  if (!sample?.object.create) return null;
  const matching = [sample.object.object, ...sample.object.create.unless];
  for (const object of matching.filter((one) => system.connector.streams?.[one])) {
    const decision = (await unseen(hub, system, object, sample)) ?? (await catchUp(hub, system, object));
    if (decision) return decision;
  }
  return null;
}

/** What is made beside a record that the hub may not see would be a double. */
async function unseen(
  hub: Hub,
  { name, mapping }: System,
  object: string,
  sample: PlannedWrite,
): Promise<WriteDecision | null> {
  const refusal = await refusalOf(hub, name, object);
  if (refusal === null) return null;
  const made = sample.object.object;
  const or = object === made ? '' : `, or take it out of \`unless\` of ${made} in ${mapping.file}`;
  const message =
    `No ${made} is made while ${object} cannot be read: who is there already would be doubled. ` +
    `Make it readable${or}. ${refusal.message}`;
  return { kind: 'park', reason: { code: unseenCode, message } };
}

/** Null when nothing has appeared in the object that a creation did not know of. */
async function catchUp(hub: Hub, system: System, object: string): Promise<WriteDecision | null> {
  const now = hub.clock.now();
  const enough = now - hub.settings.freshForMs;
  const before = await pulledAt(hub, system.name, object);
  if (before === null) return { kind: 'later', wait: () => firstPullWaitMs };
  // One from the future was noted by a clock that was wrong.
  if (before >= enough && before <= now) return null;
  const { changed } = await pullStream(hub, system, object);
  if (changed > 0) return { kind: 'again' };
  const after = (await pulledAt(hub, system.name, object)) ?? before;
  return after >= enough ? null : { kind: 'later', wait: () => otherPullWaitMs };
}
