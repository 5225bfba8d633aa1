/** Which fit credits deals: promoting one, going back, and marking what has to be credited again. */
import { Problem } from '../../support/problem.ts';
import { fittedKind } from '../attribute/kinds/kinds.ts';
import { lacksOf } from '../attribute/kinds/lacks.ts';
import type { Hub } from '../hub.ts';
import { markForAttribute } from '../marking.ts';

const stateKey = 'credited at turn';
/** Why the fallback rule credited deals when they were last marked. */
const lackKey = 'credited without';

/**
 * Returns how many deals are to be credited again; null when the version is unknown or credits deals already. Throws a
 * `usage` Problem for a fit that may not credit deals.
 */
export async function promote(hub: Hub, version: string): Promise<number | null> {
  await assertFitFor(hub, version);
  const promoted = await hub.store.fits.promote(version, hub.clock.now());
  return promoted ? markChangedModels(hub) : null;
}

async function assertFitFor({ store }: Hub, version: string): Promise<void> {
  const fit = await store.fits.get(version);
  const kind = fit && fittedKind(fit.model);
  const unfit = fit && kind?.open(fit.snapshot, `fit ${version}`).unfit;
  if (!kind || !unfit) return;
  throw new Problem('usage', `Fit ${version} credits nothing: ${kind.title} ${unfit}.`, {
    remedy: 'Wait for more won deals, or for the next fit; `hub models` lists the fits.',
  });
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
 * Marks all deals for stage 4 when fits were promoted or taken back since they were last marked, or when the fallback
 * rule credits them for another reason than then. Asked for at every start too, so that a process that died between
 * promoting and marking leaves nothing behind. Returns how many were marked. Changed settings are marked as every edit
 * is (see `editions.ts`).
 */
export async function markChangedModels(hub: Hub): Promise<number> {
  const { connections, fits } = hub.store;
  const now = await fits.turn();
  const before = await connections.state(stateKey);
  const lack = (await lacksOf(connections))[hub.settings.attribution.creditModel] ?? null;
  if (before === now && (await connections.state(lackKey)) === lack) return 0;
  const isNew = before === null && now === 0 && lack === null;
  const marked = isNew ? 0 : await markForAttribute(hub);
  await connections.saveState(stateKey, now);
  await connections.saveState(lackKey, lack);
  return marked;
}
