/**
 * The brakes on loops. An echo dies by recognition (echo.ts); what never rests all the same, because somebody
 * there undoes it or because two automations drive each other through the hub, is stopped and shown to a person.
 */
import type { ParkedReason } from '../../../store/contract/work.ts';
import type { Hub, System } from '../../hub.ts';
import { recordName, type WriteDecision } from '../judge.ts';
import type { PlannedWrite } from '../plan/plan.ts';

/** The same value sent so often without holding means that somebody undoes it. */
const sameValueLimit = 3;

/** Whatever the values: a field that others write, too, is not written more often than this within an hour. */
const anyValueLimit = 20;
const anyValueMs = 3_600_000;

export async function brake(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const undone = await undoneThere(hub, writes);
  const rest = writes.filter((write) => !undone.has(write));
  return new Map([...undone, ...(await neverAtRest(hub, system, rest))]);
}

/** Once a person has looked, the value counts afresh. */
async function undoneThere(
  hub: Hub,
  writes: readonly PlannedWrite[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const undone = writes.flatMap((write) => {
    const field = write.fields.find(({ repeats }) => repeats >= sameValueLimit)?.field.vendor;
    return field === undefined ? [] : [{ write, field }];
  });
  await hub.store.outbox.forget(undone.map(({ write: { ref }, field }) => ({ ref, field })));
  const message =
    `The same value was written ${sameValueLimit} times and something there changes it back. ` +
    'Look for a workflow on this field, or set its rule to "pull only".';
  return new Map(
    undone.map(({ write, field }) => [write, parked(write, 'VALUE_DOES_NOT_HOLD', message, field)]),
  );
}

async function neverAtRest(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const since = hub.clock.now() - anyValueMs;
  const shared = writes.filter((write) => write.needsFresh);
  const ids = shared.map(({ entity }) => entity.id);
  const often = new Set(await hub.store.outbox.writtenOften(system.name, ids, since, anyValueLimit));
  const message =
    `It was written ${anyValueLimit} times within an hour, with changing values: automations here and there may ` +
    'drive each other. Look at its history in both systems, give its rule one owner, then retry after that hour.';
  const decisions = new Map<PlannedWrite, WriteDecision>();
  for (const write of shared.filter(({ entity }) => often.has(entity.id))) {
    const field = await restlessField(hub, system, write, since);
    if (field !== undefined) decisions.set(write, parked(write, 'FIELD_NEVER_RESTS', message, field));
  }
  return decisions;
}

async function restlessField(
  hub: Hub,
  system: System,
  { entity, object, fields }: PlannedWrite,
  since: number,
): Promise<string | undefined> {
  const filter = { connection: system.name, entityId: entity.id };
  const recent = (await hub.store.outbox.writes(filter, 10 * anyValueLimit)).filter(
    (write) => write.object === object.object && write.at >= since,
  );
  const names = fields.filter(({ field }) => field.pulls).map(({ field }) => field.vendor);
  return names.find((name) => recent.filter((write) => name in write.fields).length >= anyValueLimit);
}

function parked({ ref, entity }: PlannedWrite, code: string, message: string, field: string): WriteDecision {
  const reason: ParkedReason = { code, message, field, record: recordName(ref, entity.id) };
  return { kind: 'park', reason };
}
