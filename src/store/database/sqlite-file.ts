/** The file of an embedded store before it is opened: made for its owner alone, or refused with what to do. */

import { randomUUID } from 'node:crypto';
import { chmodSync, closeSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '../../support/problem.ts';

const restore = 'and put back a backup with `hub db restore <file>`.';

/** SQLite gives its log and index beside the file the file's own permissions. */
const endings = ['', '-wal', '-shm'];

/**
 * Makes the file where there is none, complete at once: an empty one is then never a hub that was killed while it
 * started, but one that lost what it held. `prepare` is the first that is done with it.
 */
export function makeFile(file: string, prepare: (database: DatabaseSync) => void): void {
  if (statSync(file, { throwIfNoEntry: false })) return;
  const fresh = `${file}.${randomUUID()}`;
  try {
    makePrivate(fresh);
    const database = new DatabaseSync(fresh);
    prepare(database);
    database.close();
    linkSync(fresh, file);
  } catch (error) {
    // Another process was faster.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    for (const ending of endings) rmSync(fresh + ending, { force: true });
  }
}

/** Made with no permissions for others, whatever the umask says. */
export function makePrivate(file: string): void {
  closeSync(openSync(file, 'ax', 0o600));
  chmodSync(file, 0o600);
}

/** Throws a `configuration` Problem where the file cannot be a hub's. */
export function refuseStrange(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isFile()) {
    throw new Problem('configuration', 'Where the store should be, there is no file.', {
      where: file,
      remedy: 'Move it away, or name another folder with `data:`.',
    });
  }
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (found.size > 0 || (log && log.size > 0)) return;
  throw new Problem('configuration', 'The store is an empty file: what it held is gone.', {
    where: file,
    remedy:
      'Put back a backup with `hub db restore <file>`, after moving this file away; without it the hub begins anew and reads everything again.',
  });
}

/**
 * For writers: throws once the file at that place is not the one that was opened, or has lost its end. SQLite
 * would go on writing, to a file that nobody finds again. The file is only looked at: opened and closed again, it would
 * take SQLite's locks along (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
export function stillThere(file: string): () => void {
  const opened = statSync(file);
  let { size } = opened;
  return () => {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found && found.ino === opened.ino && found.dev === opened.dev && found.size >= size) {
      size = found.size;
      return;
    }
    const what = found ? 'was replaced or cut short' : 'was taken away';
    throw new Problem(
      'configuration',
      `The file of the store ${what} while the hub runs: nothing is stored.`,
      {
        where: file,
        remedy:
          'Stop every process of the hub, move away what is left of hub.db, hub.db-wal and hub.db-shm, keep hub.key, ' +
          restore,
      },
    );
  };
}

/** Files of earlier versions, and copies made by hand, may be open to others. */
export function closeToOthers(file: string): void {
  if (process.platform === 'win32') return;
  for (const ending of endings) {
    const found = statSync(file + ending, { throwIfNoEntry: false });
    if (found && (found.mode & 0o077) !== 0 && found.uid === process.getuid?.())
      chmodSync(file + ending, 0o600);
  }
}

/** Tables of another program: the hub's would stand between them. */
export function refuseForeign(database: DatabaseSync, file: string): void {
  const tables = database.prepare(`select name from sqlite_master where type = 'table'`).all();
  const names = tables.map(({ name }) => String(name));
  if (names.length === 0 || names.includes('schema_version')) return;
  throw new Problem('configuration', `The file belongs to another program: it has a table ${names[0]}.`, {
    where: file,
    remedy: 'Move it away, or name another folder with `data:`.',
  });
}
