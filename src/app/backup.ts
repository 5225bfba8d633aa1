/** A hub's store into one file, and back out of it; the same file for either kind of database. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LoadedSettings } from '../settings/load.ts';
import { temporaryData } from '../settings/schema.ts';
import { type Backup, checkBackup, takeBackup } from '../store/backup.ts';
import { copyStore } from '../store/copy.ts';
import { makePrivate } from '../store/database/sqlite-file.ts';
import { openDatabase, type Place } from '../store/open.ts';
import { Problem } from '../support/problem.ts';

type Surroundings = Pick<Place, 'clock' | 'log'>;

const databaseName = 'hub.db';

export async function backUp(settings: LoadedSettings, to: string, around: Surroundings): Promise<Backup> {
  refuseTemporary(settings);
  const file = resolve(to);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const { database } = settings;
  if (database) {
    return inScratch(dirname(file), async (directory) => {
      await copyAll({ url: database }, { directory }, around);
      return takeBackup(join(directory, databaseName), file, around.clock.now());
    });
  }
  const store = join(settings.data, databaseName);
  if (existsSync(store)) return takeBackup(store, file, around.clock.now());
  throw new Problem('configuration', 'There is no store yet, so there is nothing to back up.', {
    where: store,
    remedy: 'Run `hub sync` first, or name another configuration with --config.',
  });
}

export async function restore(settings: LoadedSettings, from: string, around: Surroundings): Promise<Backup> {
  refuseTemporary(settings);
  const backup = await checkBackup(resolve(from));
  const { database } = settings;
  if (database) {
    await inScratch(dirname(backup.file), async (directory) => {
      put(backup.file, directory);
      await copyAll({ directory }, { url: database }, around);
    });
  } else {
    refuseStore(settings.data);
    mkdirSync(settings.data, { recursive: true, mode: 0o700 });
    put(backup.file, settings.data);
  }
  return backup;
}

/** Made empty and for its owner first: never does it stand there open to others. */
function put(file: string, directory: string): void {
  const store = join(directory, databaseName);
  const partial = `${store}.partial`;
  rmSync(partial, { force: true });
  makePrivate(partial);
  copyFileSync(file, partial);
  // A store of this name was refused before; nobody else makes one while a person restores.
  renameSync(partial, store);
}

function refuseStore(data: string): void {
  const left = ['', '-wal', '-shm'].map((ending) => join(data, databaseName + ending)).find(existsSync);
  if (left === undefined) return;
  throw new Problem('configuration', 'There is a store already; a restore overwrites none.', {
    where: left,
    remedy: 'Stop the hub and move hub.db, hub.db-wal and hub.db-shm away; leave hub.key where it is.',
  });
}

async function copyAll(
  from: Pick<Place, 'url' | 'directory'>,
  to: Pick<Place, 'url' | 'directory'>,
  around: Surroundings,
): Promise<void> {
  const source = await openDatabase({ ...from, ...around });
  try {
    const target = await openDatabase({ ...to, ...around });
    await copyStore(source.database, target.database).finally(() => target.close());
  } finally {
    await source.close();
  }
}

async function inScratch<T>(near: string, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(near, '.hub-backup-'));
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function refuseTemporary({ data, file }: LoadedSettings): void {
  if (data !== temporaryData) return;
  throw new Problem('configuration', 'This hub is thrown away after each run: it keeps nothing to back up.', {
    where: file,
    remedy: 'Name the configuration of a hub that lasts with --config.',
  });
}
