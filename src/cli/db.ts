/** `hub db copy [--to <place>]`: moves everything from one store to another and proves it. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { copySettingsStore } from '../app/storage.ts';
import type { LoadedSettings } from '../settings/load.ts';
import { systemClock } from '../support/clock.ts';
import { didYouMean } from '../support/nearest.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Cli } from './command.ts';

export const db: Cli = {
  options: {
    '--to <place>':
      'postgres://… or a directory for the embedded store; it must be empty (default: DATABASE_URL)',
  },
  run: async (invocation, [action = '']) => {
    // The environment, for others on this machine see what stands on a command line.
    const to = invocation.options.to ?? process.env.DATABASE_URL;
    if (action !== 'copy') {
      throw new Problem('usage', `"${action}" is nothing to do with the database.`, {
        remedy: didYouMean(action, ['copy']),
      });
    }
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
};

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
