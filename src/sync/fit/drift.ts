/** Whether the newest fit of each model tells of a changed world: the alarm that status and metrics show. */
import {
  type DriftReport,
  type DriftSettings,
  driftBetween,
  usualDrift,
} from '../../attribution/fit/drift.ts';
import type { Fit } from '../../store/contract.ts';
import type { Hub } from '../hub.ts';
import { wantedKinds } from '../models.ts';
import type { FittedKind } from './kind.ts';

export interface ModelDrift extends DriftReport {
  readonly model: string;
  /** Versions: the promoted fit, and the newest one that is not. */
  readonly from: string;
  readonly to: string;
}

export async function drifts(hub: Hub): Promise<ModelDrift[]> {
  const found = await Promise.all(wantedKinds(hub.settings.attribution).map((kind) => driftOf(hub, kind)));
  return found.flatMap((one) => one ?? []);
}

async function driftOf(hub: Hub, kind: FittedKind): Promise<ModelDrift | null> {
  const [newest] = await hub.store.fits.list({ model: kind.id });
  const promoted = await hub.store.fits.promoted(kind.id);
  if (!newest || promoted === null || promoted === newest.version) return null;
  return compareFits(hub, kind, promoted, newest.version);
}

/** Null when one of them is not there. */
export async function compareFits(
  hub: Hub,
  kind: FittedKind,
  from: string,
  to: string,
): Promise<ModelDrift | null> {
  const [before, after] = await Promise.all([hub.store.fits.get(from), hub.store.fits.get(to)]);
  if (!before || !after) return null;
  const report = driftBetween(driftingOf(kind, before), driftingOf(kind, after), driftSettings(hub));
  return { model: kind.id, from, to, ...report };
}

function driftingOf(kind: FittedKind, { snapshot, version }: Fit) {
  return kind.open(snapshot, `fit ${version}`).drifting;
}

export function driftSettings(hub: Hub): DriftSettings {
  const { mix, rate, share } = hub.settings.attribution.drift;
  return {
    mix: { ...usualDrift.mix, alarm: mix },
    rate: { ...usualDrift.rate, alarm: rate },
    share: { ...usualDrift.share, alarm: share },
  };
}
