/** Fits the models that come from data: once for all processes, and on record. */
import type { Observations } from '../../attribution/hazard/observations.ts';
import { wordOf } from '../../attribution/names.ts';
import { messageOf } from '../../support/error-text.ts';
import { wantedKinds } from '../attribute/models.ts';
import { touchRules } from '../attribute/touch-rules.ts';
import type { Hub } from '../hub.ts';
import { collectProspects } from './collect.ts';
import { markChangedModels } from './promotion.ts';
import { type Refitted, refitModel } from './refit-model.ts';

export interface RefitOptions {
  /** A time of the schedule: nothing is fitted if somebody has done so since. */
  readonly due?: number;
}

const hourMs = 3_600_000;
const leaseName = 'refit';
/** Renewed while it runs. */
const leaseMs = 60_000;
const stateKey = 'refitted at';

/** When a fit was last made, by whichever process; null: never. */
export async function refittedAt({ store }: Hub): Promise<number | null> {
  const at = await store.connections.state(stateKey);
  return typeof at === 'number' ? at : null;
}

/** Null when another process is at it, or has been since it was due. */
export async function refit(hub: Hub, { due }: RefitOptions = {}): Promise<Refitted[] | null> {
  let outcome: Refitted[] | null = null;
  await hub.store.connections.leased(leaseName, leaseMs, async (lost) => {
    const last = await refittedAt(hub);
    if (due !== undefined && last !== null && last >= due) return;
    const signal = AbortSignal.any([lost, hub.signal]);
    outcome = await recorded(hub, () => refitAll(hub, signal));
    await markChangedModels(hub);
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
    const message = models.map(({ model, why }) => `${wordOf(model)}: ${why}`).join(' ');
    await runs.finish(id, { status: 'done', at: hub.clock.now(), counts, message });
    return models;
  } catch (error) {
    const message = messageOf(error);
    await runs.finish(id, { status: 'failed', at: hub.clock.now(), counts: {}, message });
    throw error;
  }
}

async function refitAll(hub: Hub, signal: AbortSignal): Promise<Refitted[]> {
  const { store, settings, clock } = hub;
  const until = lastHour(clock.now());
  const prospects = await collectProspects(store, settings.attribution, touchRules(settings), until, {
    signal,
  });
  const data = {
    observations: telling(prospects.observations()),
    counts: prospects.counts(),
    window: prospects.window,
  };
  const done: Refitted[] = [];
  for (const kind of wantedKinds(hub.settings.attribution))
    done.push(await refitModel(hub, kind, data, signal));
  return done;
}

/** Watching ends with a full hour: fits of one hour to the same data are the same fit, to the last bit. */
function lastHour(now: number): number {
  return Math.floor(now / hourMs) * hourMs;
}

/** Without covariates that are the same for everybody, as those are that no system of this hub knows. */
function telling(observations: Observations): Observations {
  const tells = ({ values }: Observations['covariates'][number]) =>
    values.some((value) => value !== values[0]);
  return { ...observations, covariates: observations.covariates.filter(tells) };
}
