/** Ids of the hub wait a little, so that they go along with something else or in one call with others. */
import type { WriteDecision } from '../judge.ts';
import { isIdAlone } from '../plan/hub-id.ts';
import type { PlannedWrite } from '../plan/plan.ts';

/** How long an id waits to go along with something else, or in one call with others. */
const gatherMs = 600_000;

/** Writes of an id alone that have not waited long; `markedAt` by entity id. */
export function gathering(
  writes: readonly PlannedWrite[],
  markedAt: ReadonlyMap<string, number>,
  now: number,
): Map<PlannedWrite, WriteDecision> {
  const decisions = new Map<PlannedWrite, WriteDecision>();
  for (const write of writes.filter(isIdAlone)) {
    const until = (markedAt.get(write.entity.id) ?? 0) + gatherMs;
    if (until > now) decisions.set(write, { kind: 'postponed', until });
  }
  return decisions;
}
