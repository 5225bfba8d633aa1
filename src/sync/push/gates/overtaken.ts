/**
 * A plan is made of what the store held when it was made. While vendors were asked, other passes and other
 * processes went on: they land records and resolve entities. A write whose grounds have moved does not go; it
 * would put the value of yesterday over the one of today.
 */

import { isDeepStrictEqual } from 'node:util';
import type { Entity } from '../../../canonical/model.ts';
import { parseRef, recordOf } from '../../../canonical/names.ts';
import { clockErrorMs } from '../../../connector/vendor-clock.ts';
import type { Store } from '../../../store/contract/store.ts';
import { canonicalJson } from '../../../support/fingerprint.ts';
import type { Hub, System } from '../../hub.ts';
import type { WriteDecision } from '../judge.ts';
import type { PlannedWrite } from '../plan/plan.ts';
import { planWrites } from '../plan/reconcile.ts';

/** How long to wait for another process that is at work on what the entity is made of. */
const otherWorkMs = 100;

const again: WriteDecision = { kind: 'again' };
const later: WriteDecision = { kind: 'later', wait: () => otherWorkMs };

/**
 * The writes that must be planned anew. The order of looking matters: first the records, by planning once more;
 * then whether any of them has yet to arrive in its entity; the entities last. Whatever landed before the first
 * look is in the entities then, or there is a mark that says it is not. `readAt`: when the records were asked for
 * again, by the vendor's clock and not later than it was.
 */
export async function overtaken(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  readAt: number,
): Promise<Map<PlannedWrite, WriteDecision>> {
  if (writes.length === 0) return new Map();
  const entities = [...new Map(writes.map(({ entity }) => [entity.id, entity])).values()];
  const replanned = await planWrites(hub, system, entities);
  const standing = new Set(replanned.writes.map(contentOf));
  const stamped = withinStamp(system, writes, readAt);
  const onTheWay = await changesOnTheWay(hub.store, entities);
  const present = new Map(
    (await hub.store.entities.get(entities.map(({ id }) => id))).map((entity) => [entity.id, entity]),
  );
  const decisions = new Map<PlannedWrite, WriteDecision>();
  for (const write of writes) {
    const moved = !standing.has(contentOf(write)) || !isUnchanged(write.entity, present.get(write.entity.id));
    const decision = stamped.get(write) ?? onTheWay.get(write.entity.id) ?? (moved ? again : undefined);
    if (decision) decisions.set(write, decision);
  }
  if (decisions.size > 0)
    hub.log.info(
      { connection: system.name, records: decisions.size },
      'what some writes rest on changed before they were sent; they are decided again',
    );
  return decisions;
}

function contentOf(planned: PlannedWrite): string {
  const { write, fields, references, basis } = planned.whole ?? planned;
  const values = fields.map(({ field, from, to }) => [field.vendor, from, to]);
  return canonicalJson(JSON.parse(JSON.stringify([write, values, references ?? {}, basis])));
}

/** One that had ended already was planned as withdrawn and without members. */
function isUnchanged(planned: Entity, present: Entity | undefined): boolean {
  if (!present) return planned.withdrawn && planned.members.length === 0;
  return isDeepStrictEqual(planned, present);
}

/**
 * Writes over values of others whose record was read again while its stamp could still be given to another change: that
 * one may not have been seen. Later the write gets a stamp of its own, too, and what is changed after it is not taken
 * for what was there before.
 */
function withinStamp(
  { connector }: System,
  writes: readonly PlannedWrite[],
  readAt: number,
): Map<PlannedWrite, WriteDecision> {
  const decisions = new Map<PlannedWrite, WriteDecision>();
  for (const write of writes.filter(({ needsFresh }) => needsFresh)) {
    const { stampStepMs = 0 } = connector.streams?.[parseRef(write.ref).object] ?? {};
    const endsIn = write.basis + stampStepMs - readAt;
    // A stamp that lies further ahead is of a clock that is wrong, and nothing to wait for.
    if (endsIn > 0 && stampStepMs > 0 && endsIn <= stampStepMs + clockErrorMs)
      decisions.set(write, { kind: 'later', wait: () => endsIn });
  }
  return decisions;
}

/** Entities whose records have landed, or been normalized, and have not been resolved yet. */
async function changesOnTheWay(
  store: Store,
  entities: readonly Entity[],
): Promise<Map<string, WriteDecision>> {
  const members = entities.flatMap((entity) => entity.members);
  const landed = await store.work.dirty('normalize', [...new Set(members.map(recordOf))]);
  const normalized = await store.work.dirty('resolve', members);
  const decisions = new Map<string, WriteDecision>();
  for (const entity of entities) {
    const states = entity.members.flatMap((member) => [landed.get(recordOf(member)), normalized.get(member)]);
    if (states.includes('claimed')) decisions.set(entity.id, later);
    else if (states.includes('free')) decisions.set(entity.id, again);
  }
  return decisions;
}
