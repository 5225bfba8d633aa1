/** Vendors that a test's hubs connect to: emulators in the test's own process, reached over HTTP. */

import { join } from 'node:path';
import { stringify } from 'yaml';
import type { RunningEmulator } from '../../emulators/loopback/contract.ts';
import { buildWorld } from '../../emulators/world/build.ts';
import { emulatorOf } from '../../src/app/stand-ins.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { root } from './hub.ts';

export interface Vendors {
  emulator(system: string): RunningEmulator;
  /** A `hub.yaml` that connects to them; `more` goes over it, `connections` connection by connection. */
  config(more?: Overrides): string;
  close(): Promise<void>;
}

export interface Overrides {
  readonly [setting: string]: unknown;
  readonly connections?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const systems = ['salesforce', 'hubspot', 'chatbot'];

/** No rate limits: children wait for real. */
const knobs: Readonly<Record<string, JsonObject>> = { hubspot: { burst: 0, searchBurst: 0 } };
const unpaced = { searchesPerSecond: 1_000, requestsPerTenSeconds: 100_000 };

/** The seeded world, told up to this day; or nothing, for tests that tell their own. */
export async function startVendors(seed: 'demo' | 'empty' = 'demo'): Promise<Vendors> {
  const world = seed === 'demo' ? buildWorld({ now: new Date().setUTCHours(0, 0, 0, 0) }) : undefined;
  const running = new Map<string, RunningEmulator>();
  for (const system of systems) {
    const definition = await emulatorOf(system);
    const own = knobs[system];
    running.set(
      system,
      await definition.start({ ...(world ? { world } : {}), ...(own ? { knobs: own } : {}) }),
    );
  }
  const emulator = (system: string) => {
    const found = running.get(system);
    if (!found) throw new Error(`there is no emulator of ${system}`);
    return found;
  };
  return {
    emulator,
    config: ({ connections = {}, ...more } = {}) =>
      stringify({
        data: 'data',
        mappings: join(root, 'mappings'),
        log: 'warn',
        server: { port: 0 },
        safety: { maxShare: 1, firstCreation: 'allow' },
        attribution: { refit: 'off' },
        connections: Object.fromEntries(
          systems.map((system) => {
            const { config: changed = {}, ...others } = connections[system] ?? {};
            const own = system === 'hubspot' ? unpaced : {};
            const config = { ...emulator(system).config, ...own, ...(changed as object) };
            return [system, { connector: system, config, ...others }];
          }),
        ),
        ...more,
      }),
    close: async () => void (await Promise.all([...running.values()].map((one) => one.close()))),
  };
}
