/** `hub db copy|backup|restore`: moves everything from one store to another, or into a file and back, and proves it. */
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backUp, restore } from '../../app/backup.ts';
import { copySettingsStore } from '../../app/storage.ts';
import type { LoadedSettings } from '../../settings/load.ts';
import { systemClock } from '../../support/clock.ts';
import { didYouMean } from '../../support/nearest.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Cli } from '../command.ts';
import type { Invocation } from '../invocation.ts';

export const db: Cli = {
  needsConfiguration: true,
  options: {
    '--to <place>':
      'postgres://… or a directory for the embedded store; it must be empty (default: DATABASE_URL)',
  },
  run: async (invocation, [action = '', file]) => {
    const chosen = actions[action];
    if (chosen) return chosen(invocation, file);
    throw new Problem('usage', `"${action}" is nothing to do with the database.`, {
      remedy: didYouMean(action, Object.keys(actions)),
    });
  },
};

type Action = (invocation: Invocation, file: string | undefined) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  copy: async (invocation) => {
    // The environment, for others on this machine see what stands on a command line.
    const to = invocation.options.to ?? process.env.DATABASE_URL;
    if (typeof to !== 'string') {
      throw new Problem('usage', 'Where to copy is missing.', {
        remedy: 'Set DATABASE_URL, or give it: db copy --to postgres://…',
      });
    }
    const settings = await invocation.settings();
    refuseItself(settings, to);
    const log = await invocation.log(settings);
    const tables = await copySettingsStore(settings, to, { clock: systemClock, log });
    invocation.print({ tables }, () => tables.map(line).join('\n'));
    return exitCodes.done;
  },
  backup: async (invocation, file) => {
    const settings = await invocation.settings();
    const log = await invocation.log(settings);
    const made = await backUp(settings, named(file, 'backup'), { clock: systemClock, log });
    const key = `Keep ${join(settings.data, 'hub.key')} (or HUB_KEY) in another place: without it nobody opens the sign-ins in the backup.`;
    invocation.print({ ...made }, () => `${made.file}: ${made.bytes} bytes, SHA-256 ${made.sha256}\n${key}`);
    return exitCodes.done;
  },
  restore: async (invocation, file) => {
    const settings = await invocation.settings();
    const log = await invocation.log(settings);
    const back = await restore(settings, named(file, 'restore'), { clock: systemClock, log });
    const place = settings.database ? 'the database' : settings.data;
    const lacks = !process.env.HUB_KEY && !existsSync(join(settings.data, 'hub.key'));
    const next = lacks
      ? `Now put the hub.key that belongs to it into ${settings.data}, or set HUB_KEY.`
      : 'The key that is there must be the one that belongs to it.';
    invocation.print({ ...back, keyMissing: lacks }, () => `Restored into ${place}. ${next}`);
    return exitCodes.done;
  },
};

function named(file: string | undefined, action: string): string {
  if (file !== undefined) return file;
  throw new Problem('usage', 'The file is missing.', { remedy: `Give it: db ${action} <file>` });
}

/** Reading and writing the same store, the copy would wait for itself. */
function refuseItself({ database, data, file }: LoadedSettings, to: string): void {
  // In the very words of the settings the address names the target, and the embedded store moves there.
  const source = database === to ? undefined : (database ?? data);
  if (source === undefined || whereabouts(source) !== whereabouts(to)) return;
  throw new Problem('usage', 'The target is the store of this very hub.', {
    where: file,
    remedy: 'Give another place with --to: an empty directory, or the address of an empty database.',
  });
}

/** The same for the same store, however it is written. */
function whereabouts(place: string): string {
  if (!/^postgres(ql)?:/i.test(place) || !URL.canParse(place)) {
    const path = resolve(place);
    return existsSync(path) ? realpathSync(path) : path;
  }
  const { username, hostname, port, pathname, searchParams } = new URL(place);
  searchParams.sort();
  // Who signs in and with which options decides on the schema; the password does not.
  return `${username}@${hostname.toLowerCase()}:${port || '5432'}${pathname}?${searchParams}`;
}

function line({ table, rows, checksum }: { table: string; rows: number; checksum: string }): string {
  return `${table.padEnd(20)} ${String(rows).padStart(10)} rows  ${checksum}`;
}
