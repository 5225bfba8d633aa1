/** Fits the models that come from data, keeps what came out, and promotes what passes its checks. */
import type { Check } from '../../attribution/fit/checks.ts';
import type { Observations } from '../../attribution/hazard/observations.ts';
import type { ProspectCounts } from '../../journey/prospects.ts';
import type { Fit } from '../../store/contract.ts';
import type { Hub } from '../hub.ts';
import { wantedKinds } from '../models.ts';
import { collectProspects } from './collect.ts';
import { driftOf, sameWorld, soundAlarm } from './drift.ts';
import type { FittedKind } from './kind.ts';
import { news } from './news.ts';
import { plainJson } from './plain-json.ts';
import { isHeld, promote } from './promotion.ts';
import type { FitQuality } from './quality.ts';
import { train } from './train.ts';

/** What became of one model. */
export interface Refitted {
  readonly model: string;
  /** Null: nothing could be fitted. */
  readonly version: string | null;
  readonly promoted: boolean;
  /** Why it was promoted, or was not: a sentence. */
  readonly why: string;
  readonly checks: readonly Check[];
}

export interface RefitOptions {
  /** A time of the schedule: nothing is fitted if somebody has done so since. */
  readonly due?: number;
}

const leaseName = 'refit';
/** Renewed while it runs. */
const leaseMs = 60_000;
const stateKey = 'refitted at';

/** Fewer won deals than this teach a model nothing that could even be judged. */
const leastToTry = 20;

/** Null when another process is at it, or has been since it was due. */
export async function refit(hub: Hub, { due }: RefitOptions = {}): Promise<Refitted[] | null> {
  let outcome: Refitted[] | null = null;
  await hub.store.connections.leased(leaseName, leaseMs, async (lost) => {
    const last = await hub.store.connections.state(stateKey);
    if (due !== undefined && typeof last === 'number' && last >= due) return;
    const signal = AbortSignal.any([lost, hub.signal]);
    outcome = await recorded(hub, () => refitAll(hub, signal));
    await hub.store.connections.saveState(stateKey, hub.clock.now());
  });
  return outcome;
}

/** With a line in the list of runs. */
async function recorded(hub: Hub, work: () => Promise<Refitted[]>): Promise<Refitted[]> {
  const { runs } = hub.store;
  const id = crypto.randomUUID();
  await runs.start({ id, kind: 'fit', at: hub.clock.now() });
  try {
    const models = await work();
    const counts = { fitted: models.length, promoted: models.filter(({ promoted }) => promoted).length };
    const message = models.map(({ model, why }) => `${model}: ${why}`).join(' ');
    await runs.finish(id, { status: 'done', at: hub.clock.now(), counts, message });
    return models;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await runs.finish(id, { status: 'failed', at: hub.clock.now(), counts: {}, message });
    throw error;
  }
}

async function refitAll(hub: Hub, signal: AbortSignal): Promise<Refitted[]> {
  const { store, settings, clock } = hub;
  const prospects = await collectProspects(store, settings.attribution, clock.now(), { signal });
  const data = {
    observations: prospects.observations(),
    counts: prospects.counts(),
    window: prospects.window,
  };
  const done: Refitted[] = [];
  for (const kind of wantedKinds(hub.settings.attribution))
    done.push(await refitOne(hub, kind, data, signal));
  return done;
}

interface Data {
  readonly observations: Observations;
  readonly counts: ProspectCounts;
  readonly window: Fit['window'];
}

async function refitOne(hub: Hub, kind: FittedKind, data: Data, signal: AbortSignal): Promise<Refitted> {
  const { counts, observations, window } = data;
  if (counts.conversions < leastToTry) return tooFew(kind, counts);
  const promoted = await promotedFit(hub, kind);
  const { resamples, seed, lookbackDays, minConversions, leastNews } = hub.settings.attribution;
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

function tooFew({ id, title }: FittedKind, { conversions }: ProspectCounts): Refitted {
  const why = `${title} needs at least ${leastToTry} won deals with touches to be fitted; there are ${conversions}.`;
  return { model: id, version: null, promoted: false, why, checks: [] };
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
  const kept = (why: string): Refitted => ({ model: id, version, promoted: false, why, checks });
  if (failed.length > 0) return kept(`Not promoted: ${failed.map(({ words }) => words).join(' ')}`);
  if (await isHeld(hub, id))
    return kept('Not promoted: since the rollback new fits wait for `hub models promote`.');
  const marked = await promote(hub, version);
  if (marked === null) return kept('It credits deals already.');
  const why = `Promoted: it passed all ${checks.length} checks; ${marked} deals wait to be credited again.`;
  return { model: id, version, promoted: true, why, checks };
}
