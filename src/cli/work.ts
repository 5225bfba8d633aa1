/** `hub work`: only the work, no server and no schedule; any number of them share one PostgreSQL. */
import { exitCodes } from '../support/problem.ts';
import { startWalker } from '../sync/schedule.ts';
import type { Cli } from './command.ts';

export const work: Cli = {
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const walker = startWalker(hub);
      invocation.say('Working. Stop with Ctrl-C.');
      await new Promise<void>((resolve) => {
        if (hub.signal.aborted) resolve();
        hub.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await walker.stop();
      return exitCodes.done;
    }),
};
