/** The composition root: settings in, an open hub out. The only file in `src` that imports `connectors/`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectors, emulators } from '../connectors/index.ts';
import { ruleModels } from './attribution/rules.ts';
import type { Connector } from './connector/contract.ts';
import { loadKeyring, makeKeyFile } from './connector/keyring.ts';
import { openConnection } from './connector/open.ts';
import { buildWorld } from './emulator/build.ts';
import type { EmulatorDefinition, EmulatorOptions, RunningEmulator } from './emulator/contract.ts';
import type { World } from './emulator/world.ts';
import { compileMapping } from './mapping/compile.ts';
import type { CompiledMapping } from './mapping/compiled.ts';
import type { LoadedSettings } from './settings/load.ts';
import { type ConnectionSettings, temporaryData } from './settings/schema.ts';
import type { Store } from './store/contract.ts';
import { type CopiedTable, copyStore } from './store/copy.ts';
import { openDatabase, openStore } from './store/open.ts';
import type { Clock } from './support/clock.ts';
import { shiftedClock, systemClock } from './support/clock.ts';
import type { Log } from './support/log.ts';
import { Problem } from './support/problem.ts';
import type { Hub, System } from './sync/hub.ts';

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
  const world = Object.values(settings.connections).some(({ emulate }) => emulate === 'demo')
    ? buildWorld()
    : undefined;
  // The seeded world has its own today; a hub that looks at it lives in that day.
  const clock = options.clock ?? (world ? shiftedClock(world.now) : systemClock);
  const running = new Map<string, RunningEmulator>();
  const folder = dataFolder(settings.data);
  const closeAll = async () => {
    await Promise.all([...running.values()].map((emulator) => emulator.close()));
    folder.remove();
  };
  try {
    for (const [name, connection] of Object.entries(settings.connections)) {
      if (connection.emulate) running.set(name, await startEmulator(connection, clock, world, options.knobs));
    }
    const store = await openSettingsStore(settings, folder.path, { ...options, clock });
    const hub = buildHub(settings, store, running, { ...options, clock });
    return {
      hub,
      emulators: running,
      close: async () => {
        // A sign-in under way may have rotated the refresh token: the vault has to take it.
        await Promise.all([...hub.systems.values()].map((system) => system.settled()));
        await store.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The stand-in of a vendor by the connector's id. */
export function emulatorOf(system: string): EmulatorDefinition {
  const definition = emulators[system];
  if (definition) return definition;
  throw new Problem('usage', `There is no emulator of "${system}".`, {
    remedy: `Known are: ${Object.keys(emulators).join(', ')}.`,
  });
}

/** Copies the settings' store into an empty one at `url`; opens both, touches nothing else. */
export async function copySettingsStore(
  settings: LoadedSettings,
  url: string,
  options: AppOptions,
): Promise<CopiedTable[]> {
  const given = { clock: options.clock ?? systemClock, log: options.log };
  const from = await openDatabase({ ...storePlace(settings, settings.data), ...given });
  try {
    const to = await openDatabase({ url, ...given });
    return await copyStore(from.database, to.database).finally(() => to.close());
  } finally {
    await from.close();
  }
}

function storePlace(settings: LoadedSettings, directory: string): { url: string } | { directory: string } {
  return settings.database ? { url: settings.database } : { directory };
}

/** The store alone, for commands that need no vendor and no mapping. */
export function openSettingsStore(
  settings: LoadedSettings,
  directory: string,
  options: AppOptions & { clock: Clock },
): Promise<Store> {
  const file = join(directory, 'hub.key');
  makeKeyFile(file);
  const keyring = loadKeyring({ env: options.env, file });
  return openStore({
    ...storePlace(settings, directory),
    secrets: keyring,
    clock: options.clock,
    log: options.log,
  });
}

function dataFolder(data: string): { path: string; remove(): void } {
  if (data !== temporaryData) return { path: data, remove: () => undefined };
  const path = mkdtempSync(join(tmpdir(), 'hub-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

async function startEmulator(
  connection: ConnectionSettings,
  clock: Clock,
  world: World | undefined,
  knobs: AppOptions['knobs'] = {},
): Promise<RunningEmulator> {
  const definition = emulatorOf(connection.connector);
  const own = knobs[connection.connector];
  return definition.start({
    clock,
    ...(connection.emulate === 'demo' && world ? { world } : {}),
    ...(own ? { knobs: own } : {}),
  });
}

function buildHub(
  settings: LoadedSettings,
  store: Store,
  running: ReadonlyMap<string, RunningEmulator>,
  { log, signal, clock }: AppOptions & { clock: Clock },
): Hub {
  const systems = Object.entries(settings.connections).map(([name, connection]): [string, System] => {
    const connector = connectors[connection.connector];
    if (!connector) throw unknownConnector(connection.connector, name);
    const config = { ...running.get(name)?.config, ...connection.config };
    const context = openConnection(connector, {
      connection: name,
      config,
      vault: store.connections.vault,
      clock,
      log,
      signal,
    });
    const mapping = readMapping(settings, name, connection, connector);
    return [
      name,
      {
        name,
        connector,
        context,
        mapping,
        settings: connection,
        calls: () => apiCalls(context.governor.calls()),
        settled: () => context.settled(),
      },
    ];
  });
  const models = ruleModels(settings.attribution).filter(({ id }) =>
    settings.attribution.models.includes(id),
  );
  const creditModel = models.find(({ id }) => id === settings.attribution.creditModel);
  if (!creditModel) throw unknownModel(settings);
  return { settings, store, systems: new Map(systems), models, creditModel, clock, log, signal };
}

/** Signing in is not counted by vendors. */
function apiCalls(byPool: Readonly<Record<string, number>>): number {
  return Object.entries(byPool).reduce((sum, [pool, calls]) => sum + (pool === 'sign-in' ? 0 : calls), 0);
}

function readMapping(
  settings: LoadedSettings,
  name: string,
  connection: ConnectionSettings,
  connector: Connector,
): CompiledMapping {
  const file = join(settings.mappings, connection.mapping ?? `${connector.id}.yaml`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const remedy = `Copy mappings/${connector.id}.yaml there, or name another file with \`mapping:\`.`;
    throw new Problem('configuration', 'The mapping file cannot be read.', { where: file, remedy, cause });
  }
  return compileMapping(text, {
    connection: name,
    file,
    connections: connectionsBySystem(settings),
    country: settings.defaultCountry,
    currency: settings.defaultCurrency,
  });
}

/** Mappings name systems (`always-use salesforce`); the first connection of a system is meant. */
function connectionsBySystem({ connections }: LoadedSettings): Record<string, string> {
  const bySystem: Record<string, string> = {};
  for (const [name, { connector }] of Object.entries(connections)) bySystem[connector] ??= name;
  return bySystem;
}

function unknownConnector(id: string, connection?: string): Problem {
  return new Problem('configuration', `There is no connector "${id}".`, {
    ...(connection ? { where: `connections.${connection}` } : {}),
    remedy: `Known are: ${Object.keys(connectors).join(', ')}.`,
  });
}

function unknownModel({ attribution, file }: LoadedSettings): Problem {
  return new Problem(
    'configuration',
    `attribution.creditModel "${attribution.creditModel}" is not among attribution.models.`,
    {
      where: file,
      remedy: `Choose one of: ${attribution.models.join(', ')}.`,
    },
  );
}
