/** One file that holds a whole embedded store as it was at one moment, and the proof that it is whole. */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  linkSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../support/problem.ts';
import { sqliteProblem } from './database/sqlite-faults.ts';
import { makePrivate } from './database/sqlite-file.ts';

export interface Backup {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The name under which a backup says when it was taken, ms. */
export const backedUp = 'backup:taken-at';

/** Beside the backup, in the form that `sha256sum --check` reads. */
const sumEnding = '.sha256';

/**
 * While others read and write: https://sqlite.org/lang_vacuum.html#vacuuminto. Overwrites nothing. The file says that it
 * is a backup, so that whoever opens it knows from when on it lacks what was done.
 */
export async function takeBackup(store: string, file: string, now: number): Promise<Backup> {
  for (const one of [file, file + sumEnding]) refuseExisting(one);
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  try {
    makePrivate(partial);
    copyInto(store, partial);
    date(partial, now);
    refuseDamaged(partial);
    const sha256 = await sumOf(partial);
    linkSync(partial, file);
    writeFileSync(file + sumEnding, `${sha256}  ${basename(file)}\n`, { mode: 0o600, flag: 'wx' });
    return { file, bytes: statSync(file).size, sha256 };
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Throws a `configuration` Problem unless the file is what was backed up, whole, and a hub's. */
export async function checkBackup(file: string): Promise<Backup> {
  if (!existsSync(file)) {
    throw new Problem('usage', 'There is no such backup.', {
      where: file,
      remedy: 'Name the file that `db backup` wrote.',
    });
  }
  const sha256 = await sumOf(file);
  if (existsSync(file + sumEnding)) {
    const [wanted = ''] = readFileSync(file + sumEnding, 'utf8').split(/\s/);
    if (wanted !== sha256) {
      throw new Problem('configuration', 'The backup is not as it was written: its checksum differs.', {
        where: file,
        remedy: 'Fetch it again from where it is kept, or take an older one.',
      });
    }
  }
  refuseDamaged(file);
  return { file, bytes: statSync(file).size, sha256 };
}

function copyInto(store: string, file: string): void {
  const source = new DatabaseSync(store, { timeout: 60_000 });
  try {
    source.prepare('vacuum into ?').run(file);
  } catch (error) {
    throw sqliteProblem(error, store) ?? error;
  } finally {
    source.close();
  }
}

function date(file: string, now: number): void {
  const backup = new DatabaseSync(file);
  try {
    backup
      .prepare(
        'insert into state (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
      )
      .run(backedUp, JSON.stringify(now));
  } finally {
    backup.close();
  }
}

function refuseDamaged(file: string): void {
  const problem = (cause?: unknown) =>
    new Problem('configuration', 'The file is damaged, or is no backup of a hub.', {
      where: file,
      remedy: 'Take another backup.',
      cause,
    });
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const found = database.prepare('pragma integrity_check').get();
    if (found?.integrity_check !== 'ok') throw problem();
    database.prepare('select version from schema_version').get();
  } catch (error) {
    throw error instanceof Problem ? error : problem(error);
  } finally {
    database?.close();
  }
}

function refuseExisting(file: string): void {
  if (!existsSync(file)) return;
  throw new Problem('usage', 'There is a file already; a backup overwrites none.', {
    where: file,
    remedy: 'Give another name.',
  });
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
