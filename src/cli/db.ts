/** `hub db copy --to <url>`: moves everything from one store to another and proves it. */

import { copySettingsStore } from '../app.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Cli } from './command.ts';

export const db: Cli = {
  options: { '--to <url>': 'the database to copy into; it must be empty' },
  run: async (invocation, [action = '']) => {
    const to = invocation.options.to;
    if (action !== 'copy' || typeof to !== 'string') {
      throw new Problem('usage', 'The only thing to do with the database is: db copy --to <url>.');
    }
    const settings = await invocation.settings();
    const report = await copySettingsStore(settings, to, {
      env: process.env,
      log: await invocation.log(settings),
      signal: invocation.signal,
    });
    invocation.print({ tables: report }, () =>
      report
        .map(
          ({ table, rows, checksum }) => `${table.padEnd(20)} ${String(rows).padStart(10)} rows  ${checksum}`,
        )
        .join('\n'),
    );
    return exitCodes.done;
  },
};
