/** Fits one model, keeps what came out, and promotes what passes its checks. */
import type { Check } from '../../attribution/fit/checks.ts';
import type { Observations } from '../../attribution/hazard/observations.ts';
import type { ProspectCounts } from '../../journey/prospects.ts';
import type { Fit } from '../../store/contract/fits.ts';
import type { FittedKind } from '../attribute/kinds/kind.ts';
import { keepLack, lackOf, leastOf, tooFewDeals } from '../attribute/kinds/lacks.ts';
import { plainJson } from '../attribute/kinds/plain-json.ts';
import { train } from '../attribute/kinds/train.ts';
import type { Hub } from '../hub.ts';
import { driftOf, sameWorld, soundAlarm } from './drift.ts';
import { news } from './news.ts';
import { isHeld, promote } from './promotion.ts';
import type { FitQuality } from './quality.ts';

/** What became of one model. */
export interface Refitted {
  readonly model: string;
  /** Null: nothing could be fitted. */
  readonly version: string | null;
  readonly promoted: boolean;
  /** Why it was promoted, or was not: a sentence. */
  readonly why: string;
  readonly checks: readonly Check[];
  /** What it lacked, for the deals: see `lacks.ts`. Null where it is promoted. */
  readonly lack: string | null;
}

/** Fewer won deals than this teach a model nothing that could even be judged, unless the settings ask for fewer. */
const leastToTry = 20;

/** What every model is fitted to. */
export interface FitData {
  readonly observations: Observations;
  readonly counts: ProspectCounts;
  readonly window: Fit['window'];
}

export async function refitModel(
  hub: Hub,
  kind: FittedKind,
  data: FitData,
  signal: AbortSignal,
): Promise<Refitted> {
  const refitted = await refitOne(hub, kind, data, signal);
  await recallLack(hub, kind, refitted);
  return refitted;
}

/** Deals whose credit is the fallback rule's are told what the newest fit lacked. */
async function recallLack({ store }: Hub, { id }: FittedKind, { lack }: Refitted): Promise<void> {
  const inUse = (await store.fits.promoted(id)) !== null;
  await keepLack(store.connections, id, inUse ? null : lack);
}

async function refitOne(hub: Hub, kind: FittedKind, data: FitData, signal: AbortSignal): Promise<Refitted> {
  const { counts, observations, window } = data;
  const minConversions = leastOf(kind, hub.settings.attribution);
  if (counts.conversions < Math.min(leastToTry, minConversions)) return tooFew(kind, counts, minConversions);
  const promoted = await promotedFit(hub, kind);
  const { resamples, seed, lookbackDays, leastNews } = hub.settings.attribution;
  const plan = {
    window,
    resamples,
    seed,
    lookbackDays,
    minConversions,
    promoted: promoted?.snapshot ?? null,
  };
  const trained = await train({ kind: kind.id, observations, plan }, signal);
  const drift = promoted && { from: promoted.version, ...driftOf(hub, kind, promoted, trained) };
  if (drift?.alarm) soundAlarm(hub, kind, trained.version, drift);
  const checks = [
    ...trained.checks,
    ...(promoted ? [news(kind, promoted, trained, leastNews)] : []),
    ...(drift ? [sameWorld(drift)] : []),
  ];
  const { version, snapshot } = trained;
  await hub.store.fits.save({
    ...{ version, model: kind.id, fittedAt: hub.clock.now(), window, snapshot },
    counts: { ...trained.counts, people: counts.people, prospects: counts.prospects },
    quality: plainJson({ figures: trained.quality, checks, drift } satisfies FitQuality),
  });
  const decided = await decide(hub, kind, version, checks);
  await hub.store.fits.prune(kind.id, hub.settings.attribution.keepFits);
  return decided;
}

function tooFew({ id, title }: FittedKind, { conversions }: ProspectCounts, least: number): Refitted {
  const enough = Math.min(leastToTry, least);
  const why = `${title} needs at least ${enough} won deals with touches to be fitted; there are ${conversions}.`;
  return { model: id, version: null, promoted: false, why, checks: [], lack: tooFewDeals(least) };
}

async function promotedFit(hub: Hub, { id }: FittedKind): Promise<Fit | null> {
  const version = await hub.store.fits.promoted(id);
  return version === null ? null : hub.store.fits.get(version);
}

async function decide(
  hub: Hub,
  { id }: FittedKind,
  version: string,
  checks: readonly Check[],
): Promise<Refitted> {
  const failed = checks.filter(({ passed }) => !passed);
  const lack = lackOf(checks);
  const kept = (why: string): Refitted => ({ model: id, version, promoted: false, why, checks, lack });
  if (failed.length > 0) return kept(`Not promoted: ${failed.map(({ words }) => words).join(' ')}`);
  if (await isHeld(hub, id))
    return kept('Not promoted: since the rollback new fits wait for `hub models promote`.');
  const marked = await promote(hub, version);
  if (marked === null) return kept('It credits deals already.');
  const why = `Promoted: it passed all ${checks.length} checks; ${marked} deals wait to be credited again.`;
  return { model: id, version, promoted: true, why, checks, lack: null };
}
