/** What SQLite says is wrong with a file, as sentences for who can mend it. */
import { Problem } from '../../support/problem.ts';

interface Words {
  readonly message: string;
  readonly remedy: string;
}

const restore = 'put back a backup with `hub db restore <file>`.';

/** By primary result code: https://sqlite.org/rescode.html */
const faults: Readonly<Record<number, Words>> = {
  8: {
    message: 'The store cannot be written: its file is read-only.',
    remedy: 'Let the user that runs the hub write hub.db and its folder.',
  },
  10: {
    message: 'The store cannot be read or written: the disk reports an error.',
    remedy: `See that the disk is sound and has room; if the file is damaged, move it away and ${restore}`,
  },
  11: {
    message: 'The store is damaged.',
    remedy: `Move hub.db, hub.db-wal and hub.db-shm away, keep hub.key, and ${restore}`,
  },
  13: {
    message: 'The store cannot be written: the disk is full.',
    remedy: 'Make room on the disk of the data directory; nothing that was stored is lost.',
  },
  14: {
    message: 'The store cannot be opened.',
    remedy: 'See that hub.db is a file, not a folder, and that the hub may read and write it and its folder.',
  },
  26: {
    message: 'The store is damaged, or its file is no store at all.',
    remedy: `Move hub.db away, keep hub.key, and ${restore}`,
  },
};

/** Null for an error that says nothing of the file. */
export function sqliteProblem(error: unknown, where?: string): Problem | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  const words = faults[error.errcode & 0xff];
  if (!words) return null;
  const message = `${words.message.replace(/\.$/, '')} (${error.message}).`;
  return new Problem('configuration', message, {
    remedy: words.remedy,
    cause: error,
    ...(where === undefined ? {} : { where }),
  });
}
