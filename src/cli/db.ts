/** `hub db copy [--to <place>]`: moves everything from one store to another and proves it. */
import { copySettingsStore } from '../app/storage.ts';
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
    const log = await invocation.log(settings);
    const tables = await copySettingsStore(settings, to, { clock: systemClock, log });
    invocation.print({ tables }, () => tables.map(line).join('\n'));
    return exitCodes.done;
  },
};

function line({ table, rows, checksum }: { table: string; rows: number; checksum: string }): string {
  return `${table.padEnd(20)} ${String(rows).padStart(10)} rows  ${checksum}`;
}
