/** The connected systems: connectors with their settings and mappings, or everything that is wrong with them. */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { systems as known } from '../../connectors/index.ts';
import type { Connector } from '../connector/contract.ts';
import { openConnection } from '../connector/open.ts';
import type { RunningEmulator } from '../emulator/contract.ts';
import { inspectMapping } from '../mapping/compile.ts';
import type { CompiledMapping } from '../mapping/compiled.ts';
import { checkTogether } from '../mapping/together.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { ConnectionSettings } from '../settings/schema.ts';
import type { Store } from '../store/contract.ts';
import type { Clock } from '../support/clock.ts';
import type { Log } from '../support/log.ts';
import { didYouMean } from '../support/nearest.ts';
import { Problem, together } from '../support/problem.ts';
import { inspect } from '../support/schema.ts';
import type { System } from '../sync/hub.ts';

export interface SystemParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** By connection. */
  readonly emulators: ReadonlyMap<string, RunningEmulator>;
}

/** One connection as the admin wrote it, with what it needs to be opened. */
interface Draft {
  readonly name: string;
  readonly settings: ConnectionSettings;
  readonly connector: Connector;
  readonly config: unknown;
  readonly mapping: CompiledMapping;
}

/** Calls no vendor. Throws one Problem that tells of everything wrong in the configuration and the mappings. */
export async function openSystems(
  settings: LoadedSettings,
  parts: SystemParts,
): Promise<Map<string, System>> {
  const problems: Problem[] = [];
  const drafts: Draft[] = [];
  for (const name of Object.keys(settings.connections)) {
    const draft = await draftOf(name, settings, parts.emulators.get(name), problems);
    if (draft) drafts.push(draft);
  }
  // Only files that are right in themselves can be held against each other.
  const complete = drafts.length === Object.keys(settings.connections).length;
  if (complete)
    problems.push(
      ...checkTogether(
        drafts.map(({ mapping }) => mapping),
        Object.keys(known),
      ),
    );
  if (problems.length > 0) throw together(problems);
  return new Map(drafts.map((draft) => [draft.name, openSystem(draft, parts)]));
}

function openSystem({ name, settings, connector, config, mapping }: Draft, parts: SystemParts): System {
  const { store, clock, log, signal } = parts;
  const vault = store.connections.vault;
  const context = openConnection(connector, { connection: name, config, vault, clock, log, signal });
  const calls = () => apiCalls(context.governor.calls());
  return { name, connector, context, mapping, settings, calls, settled: () => context.settled() };
}

/** Signing in is not counted by vendors. */
function apiCalls(byPool: Readonly<Record<string, number>>): number {
  return Object.entries(byPool).reduce((sum, [pool, calls]) => sum + (pool === 'sign-in' ? 0 : calls), 0);
}

/** Undefined when something is wrong; `problems` say what. */
async function draftOf(
  name: string,
  settings: LoadedSettings,
  emulator: RunningEmulator | undefined,
  problems: Problem[],
): Promise<Draft | undefined> {
  const connection = settings.connections[name];
  if (!connection) return undefined;
  const connector = await known[connection.connector]?.connector();
  if (!connector) {
    problems.push(unknownConnector(name, connection, settings));
    return undefined;
  }
  const config = { ...emulator?.config, ...connection.config };
  problems.push(...wrongConfig(name, connector, config, settings));
  const mapping = readMapping(name, connection, settings, problems);
  if (!mapping) return undefined;
  problems.push(...unknownObjects(name, connection, connector, mapping, settings));
  return { name, settings: connection, connector, config, mapping };
}

function unknownConnector(
  name: string,
  { connector }: ConnectionSettings,
  settings: LoadedSettings,
): Problem {
  return new Problem('configuration', `There is no connector "${connector}".`, {
    where: placeOf(settings, name, 'connector'),
    remedy: didYouMean(connector, Object.keys(known)),
  });
}

function wrongConfig(
  name: string,
  connector: Connector,
  config: unknown,
  settings: LoadedSettings,
): Problem[] {
  const found = inspect(connector.config, config);
  if (found.right) return [];
  return found.complaints.map(
    ({ path, message, remedy = 'config/hub.example.yaml shows how it is written.' }) => {
      const where = placeOf(settings, name, 'config', ...path);
      return new Problem('configuration', `${connector.title}: ${message}`, { where, remedy });
    },
  );
}

function readMapping(
  name: string,
  { connector, mapping }: ConnectionSettings,
  settings: LoadedSettings,
  problems: Problem[],
): CompiledMapping | null {
  const file = join(settings.mappings, mapping ?? `${connector}.yaml`);
  const inspection = inspectFile(file, name, settings, problems);
  problems.push(...(inspection?.problems ?? []));
  return inspection?.mapping ?? null;
}

function inspectFile(file: string, name: string, settings: LoadedSettings, problems: Problem[]) {
  try {
    return inspectMapping(readFileSync(file, 'utf8'), {
      connection: name,
      file: shownAs(file),
      connections: connectionsBySystem(settings),
      country: settings.defaultCountry,
      currency: settings.defaultCurrency,
      ...(settings.channels ? { channels: settings.channels } : {}),
    });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    const remedy = 'Make the shipped ones with `npm run hub -- init`, or name another file with `mapping:`.';
    problems.push(
      new Problem('configuration', 'The mapping file cannot be read.', {
        where: shownAs(file),
        remedy,
        cause,
      }),
    );
    return undefined;
  }
}

/** From where the admin stands, for what lies below. */
function shownAs(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}

/** Mappings name systems (`always-use salesforce`); the first connection of a system is meant. */
function connectionsBySystem({ connections }: LoadedSettings): Record<string, string> {
  const bySystem: Record<string, string> = {};
  for (const [name, { connector }] of Object.entries(connections)) bySystem[connector] ??= name;
  return bySystem;
}

/** Objects that the settings name, and that neither the connector nor the mapping knows. */
function unknownObjects(
  name: string,
  { streams, schedules, writes }: ConnectionSettings,
  connector: Connector,
  mapping: CompiledMapping,
  settings: LoadedSettings,
): Problem[] {
  const read = Object.keys(connector.streams ?? {});
  const mapped = Object.keys(mapping.objects);
  const named: readonly (readonly [key: string, words: readonly string[], known: readonly string[]])[] = [
    ['streams', streams ?? [], read],
    ['schedules', Object.keys(schedules), read],
    ['writes', typeof writes === 'string' ? [] : Object.keys(writes), mapped],
  ];
  return named.flatMap(([key, words, fitting]) =>
    words
      .filter((word) => !fitting.includes(word))
      .map((word) => {
        const where = placeOf(settings, name, key, word);
        const message = `${key} names "${word}", which is no object of ${name}.`;
        return new Problem('configuration', message, { where, remedy: didYouMean(word, fitting) });
      }),
  );
}

function placeOf({ file, place }: LoadedSettings, connection: string, ...path: string[]): string {
  return place?.(['connections', connection, ...path]) ?? `${file}: connections.${connection}`;
}
