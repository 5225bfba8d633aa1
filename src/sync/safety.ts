/** Writes are bounded: a push that would change more than a set share of an object stops and asks. */
import type { Entity } from '../canonical/model.ts';
import { liftHolds, undoneCode } from './holds.ts';
import type { Hub, System } from './hub.ts';
import type { Fate } from './outcomes.ts';
import type { PlannedWrite } from './plan.ts';

export const asksFirstCode = 'ASKS_FIRST';

/**
 * `entities`, all of one kind, were planned into `writes`; the marks of that kind that still wait are taken to
 * need writes as often as these do, so that many small batches do not slip past what one large one would not.
 */
export async function asksFirst(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  entities: readonly Entity[],
): Promise<Map<PlannedWrite, Fate>> {
  const { maxShare, minRecords } = hub.settings.safety;
  const fates = new Map<PlannedWrite, Fate>();
  const kind = entities[0]?.kind;
  if (writes.length === 0 || kind === undefined) return fates;
  const live = await hub.store.landing.counts(system.name);
  const waiting = await hub.store.work.count('push', `${system.name}|${kind}|`);
  for (const [object, group] of Map.groupBy(writes, (write) => write.object.object)) {
    const records = live[object] ?? 0;
    const share = group.length / entities.length;
    const expected = Math.round(share * Math.max(waiting, entities.length));
    // The hub's own child objects have no stream and so no count: nobody else's data is at stake there.
    if (records === 0 || expected < minRecords || expected / records <= maxShare) continue;
    const fate = question(system.name, object, expected, records, maxShare);
    for (const write of group) fates.set(write, fate);
  }
  return fates;
}

function question(
  connection: string,
  object: string,
  expected: number,
  records: number,
  maxShare: number,
): Fate {
  const message =
    `This push would change about ${expected} of ${records} ${object} records, more than ${Math.round(maxShare * 100)} %. ` +
    `Look with \`npm run hub -- plan ${connection}\`, then allow it with \`npm run hub -- push --yes\`.`;
  return { kind: 'park', reason: { code: asksFirstCode, message } };
}

const heldCodes: ReadonlySet<string> = new Set([asksFirstCode, undoneCode]);

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
