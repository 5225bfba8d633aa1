/** The composition root: settings in, an open hub out. With its rooms the only place in `src` that knows `connectors/`. */

import type { EmulatorOptions, RunningEmulator } from '../emulators/loopback/contract.ts';
import { stateOfFiles } from './app/edits.ts';
import { refuseLateChanges } from './app/late-changes.ts';
import { ownCopies, refuseLostCopies } from './app/mapping-files.ts';
import { startStandIns, worldOf } from './app/stand-ins.ts';
import { dataFolder, openSettingsStore } from './app/storage.ts';
import { openSystems, type SystemParts } from './app/systems.ts';
import type { LoadedSettings } from './settings/load.ts';
import type { Clock } from './support/clock.ts';
import { shiftedClock, systemClock } from './support/clock.ts';
import type { Log } from './support/log.ts';
import { Problem, together } from './support/problem.ts';
import { openModels, wrongNames } from './sync/attribute/models.ts';
import { wrongChats } from './sync/attribute/touch-rules.ts';
import { missingEvidence } from './sync/fit/evidence.ts';
import type { Hub } from './sync/hub.ts';

export interface App {
  readonly hub: Hub;
  /** Stand-ins that run in this process, by connection: those that the settings say `emulate` of. */
  readonly emulators: ReadonlyMap<string, RunningEmulator>;
  /** What was read, and the state of the files then. */
  readonly files: { readonly settings: LoadedSettings; readonly state: string };
  /**
   * What the files say now, on the same store and stand-ins. Throws what is wrong with them; what is open stays as it
   * was. The hub before goes on until it is `retired`.
   */
  reopen(settings: LoadedSettings): Promise<Hub>;
  /** Ends what this hub is about, at a safe place. */
  retire(hub: Hub): Promise<void>;
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
  const files = { settings, state: stateOfFiles(settings) };
  let copies = ownCopies(settings);
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
    const ends = new WeakMap<Hub, AbortController>();
    const open = async (read: LoadedSettings) => {
      const end = new AbortController();
      const hub = await openHub(read, { ...parts, signal: AbortSignal.any([signal, end.signal]) });
      ends.set(hub, end);
      // A sign-in under way may have rotated the refresh token: the vault has to take it.
      closing.defer(() => settled(hub));
      return hub;
    };
    const hub = await open(settings);
    return {
      hub,
      files,
      emulators: standIns.running,
      reopen: async (edited) => {
        checkModels(edited);
        refuseLateChanges(settings, edited);
        refuseLostCopies(copies, edited);
        const next = await open(edited);
        copies = ownCopies(edited);
        return next;
      },
      retire: async (old) => {
        ends.get(old)?.abort(new Problem('interrupted', 'The configuration was edited.'));
        await settled(old);
      },
      close: () => closing.disposeAsync(),
    };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  }
}

async function openHub(settings: LoadedSettings, parts: SystemParts): Promise<Hub> {
  const systems = await openSystems(settings, parts);
  const mappings = [...systems.values()].map(({ mapping }) => mapping);
  const lacking = missingEvidence(mappings, settings.attribution);
  if (lacking.length > 0) throw together(lacking);
  const { store, clock, log, signal } = parts;
  return { settings, store, systems, models: openModels(settings.attribution, store), clock, log, signal };
}

async function settled({ systems }: Hub): Promise<void> {
  await Promise.all([...systems.values()].map((system) => system.settled()));
}

/** Throws a `configuration` Problem that names every wrong name. */
function checkModels(settings: LoadedSettings): void {
  const { attribution, file, place } = settings;
  const wrong = [...wrongNames(attribution), ...wrongChats(settings)].map(({ path, message, remedy }) => {
    const where = place?.(['attribution', ...path]) ?? file;
    return new Problem('configuration', `attribution.${path[0]}: ${message}`, { where, remedy });
  });
  if (wrong.length > 0) throw together(wrong);
}
