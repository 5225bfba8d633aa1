/** Where a hub keeps what it knows: opened, made, moved. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKeyring, makeKeyFile } from '../connector/keyring.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { temporaryData } from '../settings/schema.ts';
import type { Store } from '../store/contract/store.ts';
import { type CopiedTable, copyStore } from '../store/copy.ts';
import { openDatabase, openStore, type Place } from '../store/open.ts';
import { Problem } from '../support/problem.ts';
import { noteRestored } from '../sync/restored.ts';

type Surroundings = Pick<Place, 'clock' | 'log'>;

export interface DataFolder {
  readonly path: string;
  /** A throw-away folder goes with the process; any other stays. */
  remove(): void;
}

export function dataFolder(data: string): DataFolder {
  if (data !== temporaryData) return { path: data, remove: () => undefined };
  const path = mkdtempSync(join(tmpdir(), 'hub-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Makes the key that seals tokens where there is none and never was. */
export async function openSettingsStore(
  settings: LoadedSettings,
  folder: DataFolder,
  env: Readonly<Record<string, string | undefined>>,
  surroundings: Surroundings,
): Promise<Store> {
  const file = join(folder.path, keyName);
  mkdirSync(folder.path, { recursive: true, mode: 0o700 });
  if (!env.HUB_KEY) {
    refuseLostKey(file, join(folder.path, databaseName));
    makeKeyFile(file);
  }
  const secrets = loadKeyring({ env, file });
  const store = await openStore({ ...placeOf(settings, folder.path), secrets, ...surroundings });
  await noteRestored(store, surroundings.clock.now());
  return store;
}

/**
 * Copies the settings' store into an empty one: `to` is a PostgreSQL address or a directory. Opens both, calls
 * no vendor. The key that sealed the tokens goes along into a directory; for an address it stays where it is.
 */
export async function copySettingsStore(
  settings: LoadedSettings,
  to: string,
  surroundings: Surroundings,
): Promise<CopiedTable[]> {
  const isAddress = /^postgres(ql)?:\/\//.test(to);
  refuseOddPlaces(settings, to, isAddress);
  const source = await openDatabase({ ...sourceOf(settings, to), ...surroundings });
  try {
    const target = await openDatabase({ ...(isAddress ? { url: to } : { directory: to }), ...surroundings });
    const tables = await copyStore(source.database, target.database).finally(() => target.close());
    if (!isAddress) takeKeyAlong(settings.data, to);
    return tables;
  } finally {
    await source.close();
  }
}

const keyName = 'hub.key';
const databaseName = 'hub.db';

/** Another key could open none of the sign-ins that the store keeps. */
function refuseLostKey(file: string, database: string): void {
  if (existsSync(file) || !existsSync(database)) return;
  throw new Problem(
    'configuration',
    `The key of this hub is gone; the sign-ins in ${database} are sealed with it.`,
    {
      where: file,
      remedy: 'Put the file back from a backup, or set HUB_KEY to what it held.',
    },
  );
}

function placeOf({ database }: LoadedSettings, directory: string): { url: string } | { directory: string } {
  return database ? { url: database } : { directory };
}

/** `DATABASE_URL` that is to be copied to names the target: the hub that moves is the embedded one. */
function sourceOf(settings: LoadedSettings, to: string): { url: string } | { directory: string } {
  if (settings.database !== to) return placeOf(settings, settings.data);
  if (existsSync(join(settings.data, databaseName))) return { directory: settings.data };
  throw new Problem('configuration', `There is no embedded store in ${settings.data} to copy from.`, {
    where: settings.file,
    remedy: 'Name the hub that is to be moved with `data:`, and the target with --to.',
  });
}

function refuseOddPlaces(settings: LoadedSettings, to: string, isAddress: boolean): void {
  if (settings.data === temporaryData) {
    throw new Problem('configuration', 'There is nothing to copy: this hub is thrown away after each run.', {
      where: settings.file,
      remedy: 'Name the configuration of a hub that lasts with --config.',
    });
  }
  if (isAddress) return;
  if (/^[a-z][a-z0-9+]+:\/\//i.test(to)) {
    throw new Problem('usage', 'Only PostgreSQL addresses and directories can be copied to.', {
      remedy: 'Give postgres://… or a directory for the embedded store.',
    });
  }
  const [own, other] = [join(settings.data, keyName), join(to, keyName)];
  if (existsSync(own) && existsSync(other) && readFileSync(own, 'utf8') !== readFileSync(other, 'utf8')) {
    throw new Problem(
      'configuration',
      'The target has a key of its own, which cannot open this hub’s tokens.',
      {
        where: other,
        remedy: 'Copy to a directory without one.',
      },
    );
  }
}

function takeKeyAlong(from: string, to: string): void {
  const [own, other] = [join(from, keyName), join(to, keyName)];
  // Copied with its permissions: 0600.
  if (existsSync(own) && !existsSync(other)) copyFileSync(own, other);
}
