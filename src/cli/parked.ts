/** `hub parked [retry|drop]`: what waits for a person, in the CRM's own words. */
import { exitCodes, Problem } from '../support/problem.ts';
import type { Cli } from './command.ts';

export const parked: Cli = {
  options: { '--key <key>': 'only this one' },
  run: (invocation, [action = 'list']) =>
    invocation.withApp(async ({ hub }) => {
      const { work } = hub.store;
      const key = invocation.options.key;
      const filter = typeof key === 'string' ? { key } : {};
      if (action === 'retry' || action === 'drop') {
        const count = action === 'retry' ? await work.unpark(filter) : await work.drop(filter);
        invocation.print(
          { [action]: count },
          () =>
            `${count} ${action === 'retry' ? 'back to work: run `hub push` or let the server' : 'given up'}`,
        );
        return exitCodes.done;
      }
      if (action !== 'list')
        throw new Problem('usage', `"${action}" is not something to do with parked work.`, {
          remedy: 'Use retry or drop.',
        });
      const all = await work.parked();
      invocation.print({ parked: all }, () =>
        all.length === 0
          ? 'Nothing is parked.'
          : all
              .map(
                ({ key: one, reason }) =>
                  `${one}\n  ${reason.code}${reason.field ? ` (${reason.field})` : ''}: ${reason.message}`,
              )
              .join('\n'),
      );
      return all.length > 0 ? exitCodes.parked : exitCodes.done;
    }),
};
