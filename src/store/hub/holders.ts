/**
 * Who is alive among the processes on one SQLite file. Each holds a lock on a file of its own; the operating
 * system lets go of it when the process dies, however it dies, and in whatever container it ran.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Presence } from '../database/presence.ts';
import { makePrivate } from '../database/sqlite-file.ts';

const ending = '.lock';

export interface FilePresence extends Presence {
  /** Those who died since anybody last looked. */
  readonly dead: readonly string[];
}

export function enter(directory: string): FilePresence {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const dead = readdirSync(directory)
    .filter((file) => file.endsWith(ending) && isFree(join(directory, file)))
    .map((file) => file.slice(0, -ending.length));
  const id = randomUUID();
  const file = join(directory, id + ending);
  // Under its name only once it is locked: a free one would be taken for a dead process's.
  const fresh = join(directory, id);
  makePrivate(fresh);
  const lock = new DatabaseSync(fresh, { timeout: 1_000 });
  lock.exec('begin exclusive');
  renameSync(fresh, file);
  return {
    id,
    dead,
    alive: async (holders) => new Set(holders.filter((one) => one === id || isHeld(directory, one))),
    // The operating system takes no lock away.
    onReturn: () => undefined,
    leave: async () => {
      lock.close();
      rmSync(file, { force: true });
    },
  };
}

/** Called once what the dead held is free again: until then their files are the proof. */
export function bury(directory: string, dead: readonly string[]): void {
  for (const id of dead) rmSync(join(directory, id + ending), { force: true });
}

function isHeld(directory: string, id: string): boolean {
  const file = join(directory, id + ending);
  return existsSync(file) && !isFree(file);
}

function isFree(file: string): boolean {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return true;
  } catch {
    return false;
  } finally {
    lock.close();
  }
}
