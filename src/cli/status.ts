/** `hub status`: what there is, what waits, what needs a person. */
import { exitCodes } from '../support/problem.ts';
import { hubStatus } from '../sync/status.ts';
import type { Cli } from './command.ts';

export const status: Cli = {
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const now = await hubStatus(hub);
      invocation.print(now, () =>
        [
          ...Object.entries(now.connections).map(
            ([name, { connector, records, lastPull }]) =>
              `${name} (${connector}): ${Object.values(records).reduce((a, b) => a + b, 0)} records, last pulled ${lastPull ?? 'never'}`,
          ),
          `people ${now.entities.Person}, organizations ${now.entities.Organization}, deals ${now.entities.Deal}`,
          `waiting: ${Object.entries(now.waiting)
            .map(([stage, count]) => `${stage} ${count}`)
            .join(', ')}`,
          `parked: ${now.parked}`,
        ].join('\n'),
      );
      return exitCodes.done;
    }),
};
