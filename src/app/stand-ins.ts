/** Stand-ins of vendors that run in this process, for connections that say `emulate`. */
import { emulators } from '../../emulators/index.ts';
import type {
  EmulatorDefinition,
  EmulatorOptions,
  RunningEmulator,
} from '../../emulators/loopback/contract.ts';
import { buildWorld } from '../../emulators/world/build.ts';
import type { World } from '../../emulators/world/world.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { Clock } from '../support/clock.ts';
import { didYouMean } from '../support/nearest.ts';
import { Problem } from '../support/problem.ts';

/** The seeded world, if any connection lives in it. */
export function worldOf({ connections }: LoadedSettings): World | undefined {
  return Object.values(connections).some(({ emulate }) => emulate === 'demo') ? buildWorld() : undefined;
}

/** By the connector's id. Throws a `usage` Problem when there is none. */
export async function emulatorOf(system: string): Promise<EmulatorDefinition> {
  const modules = emulators[system];
  if (modules) return modules.emulator();
  throw new Problem('usage', `There is no emulator of "${system}".`, {
    remedy: didYouMean(system, Object.keys(emulators)),
  });
}

export interface StandIns {
  readonly running: ReadonlyMap<string, RunningEmulator>;
  close(): Promise<void>;
}

/** One for each connection that asks for it, under the connection's name. */
export async function startStandIns(
  { connections }: LoadedSettings,
  world: World | undefined,
  clock: Clock,
  knobs: Readonly<Record<string, EmulatorOptions['knobs']>> = {},
): Promise<StandIns> {
  const running = new Map<string, RunningEmulator>();
  const close = async () => {
    await Promise.all([...running.values()].map((emulator) => emulator.close()));
  };
  try {
    for (const [name, { connector, emulate }] of Object.entries(connections)) {
      // An unknown connector is told with all that is wrong in the configuration, not here.
      if (!emulate || !emulators[connector]) continue;
      const definition = await emulatorOf(connector);
      const own = knobs[connector];
      const options = {
        clock,
        ...(emulate === 'demo' && world ? { world } : {}),
        ...(own ? { knobs: own } : {}),
      };
      running.set(name, await definition.start(options));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { running, close };
}
