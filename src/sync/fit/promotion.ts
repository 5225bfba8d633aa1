/** Which fit credits deals: promoting one, going back, and marking what has to be credited again. */
import { canonicalJson, fingerprint } from '../../support/fingerprint.ts';
import type { Hub } from '../hub.ts';
import { creditSettings } from '../standing.ts';

const batchSize = 5_000;
const stateKey = 'credited by';

/** Returns how many deals are to be credited again; null when the version is unknown or credits deals already. */
export async function promote(hub: Hub, version: string): Promise<number | null> {
  const promoted = await hub.store.fits.promote(version, hub.clock.now());
  return promoted ? markChangedModels(hub) : null;
}

export interface RolledBack {
  /** What credits deals now; null: the fallback rule. */
  readonly version: string | null;
  readonly marked: number;
}

/** Null when the model has no promoted fit. */
export async function rollBack(hub: Hub, model: string): Promise<RolledBack | null> {
  const line = await hub.store.fits.rollback(model, hub.clock.now());
  return line && { version: line.version, marked: await markChangedModels(hub) };
}

/** After a rollback new fits wait for a person: they are much like the one that was taken back. */
export async function isHeld(hub: Hub, model: string): Promise<boolean> {
  return (await hub.store.fits.promotions({ model })).at(-1)?.what === 'rolled back';
}

/**
 * Marks all deals for stage 4 when they were last marked for other models or settings than those that stand now.
 * Asked for at every start too, so that a process that died between promoting and marking leaves nothing behind.
 * Returns how many were marked.
 */
export async function markChangedModels(hub: Hub): Promise<number> {
  const { connections } = hub.store;
  const now = await standing(hub);
  const before = await connections.state(stateKey);
  if (before === now) return 0;
  const marked = before === null ? 0 : await markAllDeals(hub);
  await connections.saveState(stateKey, now);
  return marked;
}

/** All that credit depends on besides the deals themselves. */
async function standing(hub: Hub): Promise<string> {
  const settings = creditSettings(hub.settings.attribution);
  return fingerprint(`${await hub.store.fits.turn()} ${canonicalJson(settings)}`);
}

async function markAllDeals(hub: Hub): Promise<number> {
  let count = 0;
  for (let after: string | null = null; ; ) {
    const deals = await hub.store.entities.scan('Deal', after, batchSize);
    const last = deals.at(-1);
    if (!last) return count;
    await hub.store.work.mark(
      'attribute',
      deals.map(({ id }) => id),
    );
    count += deals.length;
    after = last.id;
  }
}
