/** The composition root: settings in, an open hub out. With its rooms the only place in `src` that knows `connectors/`. */

import { startStandIns, worldOf } from './app/stand-ins.ts';
import { dataFolder, openSettingsStore } from './app/storage.ts';
import { openSystems } from './app/systems.ts';
import type { EmulatorOptions, RunningEmulator } from './emulator/contract.ts';
import type { LoadedSettings } from './settings/load.ts';
import type { Clock } from './support/clock.ts';
import { shiftedClock, systemClock } from './support/clock.ts';
import type { Log } from './support/log.ts';
import { Problem, together } from './support/problem.ts';
import { missingEvidence } from './sync/fit/evidence.ts';
import type { Hub } from './sync/hub.ts';
import { openModels, wrongNames } from './sync/models.ts';

export interface App {
  readonly hub: Hub;
  /** Stand-ins that run in this process, by connection: those that the settings say `emulate` of. */
  readonly emulators: ReadonlyMap<string, RunningEmulator>;
  close(): Promise<void>;
}

export interface AppOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** Knobs for emulators by system, for tests and trials. */
  readonly knobs?: Readonly<Record<string, EmulatorOptions['knobs']>>;
}

/** Opens store, connections and mappings; calls no vendor. */
export async function openApp(settings: LoadedSettings, options: AppOptions): Promise<App> {
  const { env, log, signal, knobs } = options;
  checkModels(settings);
  const world = worldOf(settings);
  // The seeded world has its own today; a hub that looks at it lives in that day.
  const clock = options.clock ?? (world ? shiftedClock(world.now) : systemClock);
  const closing = new AsyncDisposableStack();
  try {
    const folder = dataFolder(settings.data);
    closing.defer(() => folder.remove());
    const standIns = await startStandIns(settings, world, clock, knobs);
    closing.defer(() => standIns.close());
    const store = await openSettingsStore(settings, folder, env, { clock, log });
    closing.defer(() => store.close());
    const parts = { store, clock, log, signal, emulators: standIns.running };
    const systems = await openSystems(settings, parts);
    // A sign-in under way may have rotated the refresh token: the vault has to take it.
    closing.defer(
      async () => void (await Promise.all([...systems.values()].map((system) => system.settled()))),
    );
    const mappings = [...systems.values()].map(({ mapping }) => mapping);
    const lacking = missingEvidence(mappings, settings.attribution);
    if (lacking.length > 0) throw together(lacking);
    const models = openModels(settings.attribution, store);
    const hub = { settings, store, systems, models, clock, log, signal };
    return { hub, emulators: standIns.running, close: () => closing.disposeAsync() };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

/** Throws a `configuration` Problem that names every wrong name. */
function checkModels({ attribution, file, place }: LoadedSettings): void {
  const wrong = wrongNames(attribution).map(({ path, message, remedy }) => {
    const where = place?.(['attribution', ...path]) ?? file;
    return new Problem('configuration', `attribution.${path[0]}: ${message}`, { where, remedy });
  });
  if (wrong.length > 0) throw together(wrong);
}
