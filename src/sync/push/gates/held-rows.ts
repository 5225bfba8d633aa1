/**
 * A deal and the rows that tell of its chats tell one number. So a row goes once its deal has been told its credit in
 * the same system, and no sooner: what a deal waits for (a person's word, a refused value, a vendor that is down), its
 * rows wait for, too. They are kept under the deal's key of stage 5, and marked when that has told.
 */
import { writesOn } from '../../../settings/schema.ts';
import type { HeldRow } from '../../../store/contract/held-rows.ts';
import type { Store } from '../../../store/contract/store.ts';
import type { Claim } from '../../../store/contract/work.ts';
import type { Hub, System } from '../../hub.ts';
import { entityOfKey, pushKey } from '../../targets.ts';
import type { WriteDecision } from '../judge.ts';
import { dealsOfRows } from '../plan/deals-of-rows.ts';
import { keepsNumber, overwritesNumber, tellsCredit } from '../plan/one-number.ts';
import type { PlannedWrite } from '../plan/plan.ts';
import { planWrites } from '../plan/reconcile.ts';

/** Takes out rows whose deal has yet to be told. */
export async function heldWithDeals(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const held = await rowsToHold(hub, system, writes);
  return new Map([...held].map(([write, deal]) => [write, { kind: 'held', deal }]));
}

/** Rows whose deal has yet to be told, each with the deal's key of stage 5. */
export async function rowsToHold(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
): Promise<Map<PlannedWrite, string>> {
  const deals = await dealsOfRows(hub.store, system, writes);
  const untold = await untoldDeals(hub, system, new Set(deals.values()));
  const held = [...deals].filter(([, deal]) => untold.has(deal));
  return new Map(held.map(([write, deal]) => [write, pushKey(system, 'Deal', deal)]));
}

/**
 * Keeps what is held of the claimed rows. A deal that was told meanwhile, by whichever process, has looked for its
 * rows before they stood here: those are marked at once.
 */
export async function keepHeld(
  hub: Hub,
  system: System,
  claims: readonly Claim[],
  decisions: ReadonlyMap<string, WriteDecision>,
): Promise<void> {
  const held = claims.flatMap(({ key }): HeldRow[] => {
    const decision = decisions.get(entityOfKey(key));
    return decision?.kind === 'held' ? [{ key, deal: decision.deal }] : [];
  });
  await hub.store.transaction(async (store) => {
    await store.heldRows.replace(
      claims.map(({ key }) => key),
      held,
    );
    await releaseTold(hub, system, store, held);
  });
}

/** Marks the rows of those of these deals that have been told by now. */
export async function releaseRows(hub: Hub, system: System, deals: readonly Claim[]): Promise<void> {
  for (const [cause, group] of Map.groupBy(deals, (deal) => deal.cause)) {
    const release = async (store: Store) => {
      const held = await store.heldRows.of(group.map(({ key }) => key));
      await releaseTold(hub, system, store, held);
    };
    await hub.store.transaction(release, cause);
  }
}

async function releaseTold(hub: Hub, system: System, store: Store, held: readonly HeldRow[]): Promise<void> {
  const deals = new Set(held.map(({ deal }) => entityOfKey(deal)));
  const untold = await untoldDeals(hub, system, deals, store);
  const told = held.filter(({ deal }) => !untold.has(entityOfKey(deal)));
  await store.heldRows.release(told.map(({ key }) => key));
}

/** Deals whose record in the system is to be told another credit than it shows. */
async function untoldDeals(
  hub: Hub,
  system: System,
  ids: ReadonlySet<string>,
  store: Store = hub.store,
): Promise<Set<string>> {
  if (ids.size === 0) return new Set();
  const { writes, obstacles } = await planWrites(hub, system, await store.entities.get([...ids]), store);
  const isOn = (object: string) => writesOn(system.settings, object);
  return new Set([
    ...writes.filter((write) => isUntold(write, isOn(write.object.object))).map(({ entity }) => entity.id),
    ...obstacles.filter(keepsNumber).map(({ entity }) => entity.id),
  ]);
}

/** What is never written shows its number all the same. */
function isUntold({ fields }: PlannedWrite, isOn: boolean): boolean {
  return fields.some(isOn ? tellsCredit : overwritesNumber);
}
