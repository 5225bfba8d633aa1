/** Writes that the vendor has and has not decided yet are not sent again; of those that it refused, the mark hears now. */
import { z } from 'zod';
import { Fault, type FaultDetails, type FaultKind } from '../../../connector/fault.ts';
import type { JobWrite } from '../../../store/contract/push-jobs.ts';
import type { Claim } from '../../../store/contract/work.ts';
import { isJsonObject, type Json } from '../../../support/json.ts';
import type { Hub, System } from '../../hub.ts';
import { entityOfKey } from '../../targets.ts';
import { judge, type WriteDecision } from '../judge.ts';
import type { PlannedWrite } from '../plan/plan.ts';
import { sentOf } from '../sent.ts';

export async function answeredByJobs(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  claims: readonly Claim[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const decisions = new Map<PlannedWrite, WriteDecision>();
  const found = await hub.store.pushJobs.concerning(
    system.name,
    claims.map(({ key }) => entityOfKey(key)),
    writes.map(({ ref }) => ref),
  );
  if (found.length === 0) return decisions;
  const marks = new Map(claims.map(({ key, version }) => [entityOfKey(key), version]));
  for (const planned of writes) {
    const { id } = planned.entity;
    const own = found.filter((one) => isOf(one, planned));
    if (own.some(({ fault }) => fault === null)) decisions.set(planned, { kind: 'pending' });
    // What was marked since is another matter than what was refused.
    const refused = own.find(({ fault, mark }) => fault !== null && mark === marks.get(id));
    if (refused && !decisions.has(planned))
      decisions.set(
        planned,
        await judge(hub, system, sentOf(planned, refused.id, refused.mark), faultOf(refused.fault)),
      );
  }
  await hub.store.pushJobs.drop(found.flatMap(({ id, fault }) => (fault === null ? [] : [id])));
  return decisions;
}

/** By its record where that is known by another id since, by its entity where that was joined with another. */
function isOf({ object, entityId, ref }: JobWrite, planned: PlannedWrite): boolean {
  return object === planned.object.object && (entityId === planned.entity.id || ref === planned.ref);
}

/** As it rests in the store. */
export function storedFault(fault: Fault): Json {
  const { kind, message, code, field, fields, status, retryAfterMs, existingId } = fault;
  return JSON.parse(JSON.stringify({ kind, message, code, field, fields, status, retryAfterMs, existingId }));
}

const stored = z.object({
  kind: z.custom<FaultKind>((kind) => typeof kind === 'string'),
  message: z.string(),
});
const details = z.custom<FaultDetails>((value) => isJsonObject(value));

function faultOf(kept: Json): Fault {
  const { kind, message } = stored.parse(kept);
  return new Fault(kind, message, details.parse(kept));
}
