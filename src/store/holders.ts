/**
 * Who is alive among the processes on one SQLite file. Each holds a lock on a file of its own; the operating
 * system lets go of it when the process dies, however it dies, and in whatever container it ran. So a hub that
 * starts again takes back the work of its dead predecessor at once, instead of waiting for leases to lapse.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Presence {
  /** Names this process in claims and leases. */
  readonly id: string;
  /** Those who died since anybody last looked. */
  readonly dead: readonly string[];
  leave(): void;
}

const ending = '.lock';

export function enter(directory: string): Presence {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const dead = readdirSync(directory)
    .filter((file) => file.endsWith(ending) && isFree(join(directory, file)))
    .map((file) => file.slice(0, -ending.length));
  const id = randomUUID();
  const file = join(directory, id + ending);
  const lock = new DatabaseSync(file, { timeout: 1_000 });
  lock.exec('begin exclusive');
  return {
    id,
    dead,
    leave: () => {
      lock.close();
      rmSync(file, { force: true });
    },
  };
}

/** Called once what the dead held is free again: until then their files bear witness. */
export function bury(directory: string, dead: readonly string[]): void {
  for (const id of dead) rmSync(join(directory, id + ending), { force: true });
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
