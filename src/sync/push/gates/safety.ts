/** Writes are bounded: a push that would change more than a set share of an object stops and asks. */

import type { Entity } from '../../../canonical/model.ts';
import type { Hub, System } from '../../hub.ts';
import { pushPrefix } from '../../targets.ts';
import type { WriteDecision } from '../judge.ts';
import { isIdAlone } from '../plan/hub-id.ts';
import type { PlannedWrite } from '../plan/plan.ts';
import { firstCreationCode } from './first-creation.ts';
import { liftHolds, undoneCode } from './holds.ts';

export const asksFirstCode = 'ASKS_FIRST';
/** Of credit that another CRM asks about. */
export const togetherCode = 'ASKS_TOGETHER';

/**
 * `entities`, all of one kind, were planned into `writes`; the marks of that kind that still wait are taken to
 * need writes as often as these do, so that many small batches do not slip past what one large one would not.
 */
export async function asksFirst(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  entities: readonly Entity[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const decisions = new Map<PlannedWrite, WriteDecision>();
  const kind = entities[0]?.kind;
  if (writes.length === 0 || kind === undefined) return decisions;
  const live = await hub.store.landing.counts(system.name);
  // An id that waits for company is not about to be written, and asks for itself when it is.
  const waiting = await hub.store.work.overdue({ stage: 'push', prefix: pushPrefix(system, kind) });
  // The hub's ids alone ask for themselves: they must not hold up what people wait for.
  const groups = Map.groupBy(writes, (write) => `${isIdAlone(write)} ${write.object.object}`);
  for (const group of groups.values()) {
    const object = group[0]?.object.object ?? '';
    const records = live[object] ?? 0;
    const share = group.length / entities.length;
    const expected = Math.round(share * Math.max(waiting, entities.length));
    if (!isTooMuch(hub, expected, records)) continue;
    const [sample] = group;
    const vendor = sample && isIdAlone(sample) ? sample.hubId?.vendor : undefined;
    const deed =
      vendor === undefined
        ? `change about ${expected} of ${records} ${object} records`
        : `write the hub's id (${vendor}), by which pairs are found again when an address changes, to about ${expected} of ${records} ${object} records`;
    const decision = question(system.name, deed, hub.settings.safety.maxShare);
    for (const write of group) decisions.set(write, decision);
  }
  return decisions;
}

/** The hub's own child objects have no stream and so no count: nobody else's data is at stake there. */
export function isTooMuch({ settings }: Hub, expected: number, records: number): boolean {
  const { maxShare, minRecords } = settings.safety;
  return records > 0 && expected >= minRecords && expected / records > maxShare;
}

function question(connection: string, deed: string, maxShare: number): WriteDecision {
  const message =
    `This push would ${deed}, more than ${Math.round(maxShare * 100)} %. ` +
    `Look with \`hub plan ${connection}\`, then allow it with \`hub push --yes\`.`;
  return { kind: 'park', reason: { code: asksFirstCode, message } };
}

const heldCodes: ReadonlySet<string> = new Set([asksFirstCode, togetherCode, undoneCode, firstCreationCode]);

/** Brings back what was held, for `push --yes`, and lifts the holds of what was undone. Returns how many. */
export async function allowHeld(hub: Hub, connection?: string): Promise<number> {
  for (const system of hub.systems.values())
    if (connection === undefined || system.name === connection) await liftHolds(hub, system);
  const parked = await hub.store.work.parked({
    stage: 'push',
    ...(connection ? { prefix: `${connection}|` } : {}),
  });
  const held = parked.filter(({ reason }) => heldCodes.has(reason.code)).map(({ key }) => key);
  await hub.store.work.mark('push', held);
  return held.length;
}
