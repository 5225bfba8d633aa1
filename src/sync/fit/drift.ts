/** Whether two fits speak of the same world. */
import type { Check } from '../../attribution/fit/checks.ts';
import {
  type Drifting,
  type DriftReport,
  type DriftSettings,
  driftBetween,
  usualDrift,
} from '../../attribution/fit/drift.ts';
import type { Fit } from '../../store/contract/fits.ts';
import type { FittedKind } from '../attribute/kinds/kind.ts';
import { wantedKinds } from '../attribute/models.ts';
import type { Hub } from '../hub.ts';
import { qualityOf } from './quality.ts';

export type Kept = Pick<Fit, 'version' | 'snapshot'>;

export function driftOf(hub: Hub, kind: FittedKind, before: Kept, after: Kept): DriftReport {
  return driftBetween(driftingOf(kind, before), driftingOf(kind, after), settingsOf(hub));
}

export function driftingOf(kind: FittedKind, { version, snapshot }: Kept): Drifting {
  return kind.open(snapshot, `fit ${version}`).drifting;
}

/** A changed world is for a person to look at before it changes what salespeople see. */
export function sameWorld({ alarm, findings }: DriftReport): Check {
  const alarming = findings.filter(({ level }) => level === 'alarm').map(({ words }) => words);
  const words = alarm ? alarming.join(' ') : 'It speaks of the same world as the promoted fit.';
  return { name: 'no drift', passed: !alarm, words };
}

/** Loud in the log; status and metrics show it until the fit is promoted or followed. */
export function soundAlarm(
  hub: Hub,
  { id, title }: FittedKind,
  version: string,
  { findings }: DriftReport,
): void {
  const words = findings.filter(({ level }) => level === 'alarm').map((finding) => finding.words);
  hub.log.warn({ model: id, version }, `${title} has drifted: ${words.join(' ')}`);
}

export interface ModelDrift extends DriftReport {
  readonly model: string;
  /** Versions: the promoted fit, and the newest, which is not promoted. */
  readonly from: string;
  readonly to: string;
}

/** What status and metrics show: of each model whose newest fit waits, how it differs from the promoted one. */
export async function drifts(hub: Hub): Promise<ModelDrift[]> {
  const found = await Promise.all(
    wantedKinds(hub.settings.attribution).map((kind) => newestDrift(hub, kind)),
  );
  return found.flatMap((one) => one ?? []);
}

async function newestDrift(hub: Hub, { id }: FittedKind): Promise<ModelDrift | null> {
  const [newest] = await hub.store.fits.list({ model: id, limit: 1 });
  const drift = newest && qualityOf(newest).drift;
  if (!drift || newest.status === 'promoted') return null;
  if (drift.from !== (await hub.store.fits.promoted(id))) return null;
  return { model: id, to: newest.version, ...drift };
}

function settingsOf(hub: Hub): DriftSettings {
  const { mix, rate, share } = hub.settings.attribution.drift;
  return {
    mix: { ...usualDrift.mix, alarm: mix },
    rate: { ...usualDrift.rate, alarm: rate },
    share: { ...usualDrift.share, alarm: share },
  };
}
