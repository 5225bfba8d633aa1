/** The connected systems: connectors with their settings and mappings, or everything that is wrong with them. */
import { readFileSync, statSync } from 'node:fs';
import { connectors } from '../../connectors/index.ts';
import type { RunningEmulator } from '../../emulators/loopback/contract.ts';
import { Accounts } from '../connector/accounts.ts';
import type { Connector } from '../connector/contract/connector.ts';
import { openConnection } from '../connector/open.ts';
import { checkTogether } from '../mapping/checking/together.ts';
import { inspectMapping } from '../mapping/compile.ts';
import type { CompiledMapping } from '../mapping/language/compiled.ts';
import type { LoadedSettings } from '../settings/load.ts';
import type { ConnectionSettings } from '../settings/schema.ts';
import type { Store } from '../store/contract/store.ts';
import type { Clock } from '../support/clock.ts';
import type { Log } from '../support/log.ts';
import { didYouMean } from '../support/nearest.ts';
import { Problem, together } from '../support/problem.ts';
import { inspect } from '../support/schema.ts';
import { hasUserInfo } from '../support/urls.ts';
import type { System } from '../sync/hub.ts';
import { mappingFile, shownAs } from './mapping-files.ts';

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
        Object.keys(connectors),
      ),
    );
  if (problems.length > 0) throw together(problems);
  const accounts = new Accounts(parts.clock, parts.store.connections.allowances);
  return new Map(drafts.map((draft) => [draft.name, openSystem(draft, accounts, parts, settings)]));
}

function openSystem(draft: Draft, accounts: Accounts, parts: SystemParts, loaded: LoadedSettings): System {
  const { name, settings, connector, config, mapping } = draft;
  const { store, clock, log, signal } = parts;
  const vault = store.connections.vault;
  const own = { connection: name, config, vault, accounts, clock, log, signal };
  const context = openConnection(connector, own);
  const calls = () => apiCalls(context.governor.calls());
  const skew = () => context.vendorClock.skew();
  const editedAt = Math.max(changedAt(loaded.file), changedAt(mappingFile(loaded, settings)));
  const settled = () => context.settled();
  return { name, connector, context, mapping, settings, editedAt, skew, calls, settled };
}

/** Settings need not come from a file. */
function changedAt(file: string): number {
  return Math.round(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
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
  const connector = await connectors[connection.connector]?.();
  if (!connector) {
    problems.push(unknownConnector(name, connection, settings));
    return undefined;
  }
  const config = { ...emulator?.config, ...connection.config };
  problems.push(...wrongConfig(name, connector, config, settings));
  const mapping = readMapping(name, connection, settings, problems);
  if (!mapping) return undefined;
  problems.push(...unknownObjects(name, connection, connector, mapping, settings));
  problems.push(...wrongTies(connector, mapping));
  return { name, settings: connection, connector, config, mapping };
}

function unknownConnector(
  name: string,
  { connector }: ConnectionSettings,
  settings: LoadedSettings,
): Problem {
  return new Problem('configuration', `There is no connector "${connector}".`, {
    where: placeOf(settings, name, 'connector'),
    remedy: didYouMean(connector, Object.keys(connectors)),
  });
}

function wrongConfig(
  name: string,
  connector: Connector,
  config: unknown,
  settings: LoadedSettings,
): Problem[] {
  const found = inspect(connector.config, config);
  const open = urlsWithPasswords(config).map((path) => {
    const where = placeOf(settings, name, 'config', ...path);
    const message = `${connector.title}: \`${path.join('.')}\` carries a user or password, which would reach logs.`;
    const remedy = 'Take it out of the address; credentials have settings of their own.';
    return new Problem('configuration', message, { where, remedy });
  });
  if (found.right) return open;
  const wrong = found.complaints.map(
    ({ path, message, remedy = 'config/hub.example.yaml shows how it is written.' }) => {
      const where = placeOf(settings, name, 'config', ...path);
      return new Problem('configuration', `${connector.title}: ${message}`, { where, remedy });
    },
  );
  return [...open, ...wrong];
}

/** Where in a configuration an address holds user information: `https://user:password@…`. */
function urlsWithPasswords(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value === 'string') return hasUserInfo(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => urlsWithPasswords(inner, [...path, key]));
}

function readMapping(
  name: string,
  connection: ConnectionSettings,
  settings: LoadedSettings,
  problems: Problem[],
): CompiledMapping | null {
  const file = mappingFile(settings, connection);
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
      ...(settings.defaultCountry ? { country: settings.defaultCountry } : {}),
      ...(settings.defaultCurrency ? { currency: settings.defaultCurrency } : {}),
      placeholders: settings.identity.placeholders,
      ...(settings.channels ? { channels: settings.channels } : {}),
    });
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    const remedy =
      'Take `mapping:` out to use the shipped one, or name a file of the folder that `mappings:` names.';
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
        const message = `${key} names "${word}", which is not an object of ${name}.`;
        return new Problem('configuration', message, { where, remedy: didYouMean(word, fitting) });
      }),
  );
}

/** Ties that the system has no associations for would be left out without a word. */
function wrongTies(connector: Connector, { objects, file }: CompiledMapping): Problem[] {
  return Object.values(objects).flatMap(({ object, references, line }) =>
    references
      .filter(({ association }) => association && connector.sink?.(object)?.associates !== true)
      .map(({ vendor }) => {
        const message = `${connector.title} has no associations, by which ${object} could be tied (${vendor}).`;
        const remedy = 'Name a field that points to the record, and take `as: association` out.';
        return new Problem('configuration', message, { where: `${file}:${line}`, remedy });
      }),
  );
}

function placeOf({ file, place }: LoadedSettings, connection: string, ...path: string[]): string {
  return place?.(['connections', connection, ...path]) ?? `${file}: connections.${connection}`;
}
