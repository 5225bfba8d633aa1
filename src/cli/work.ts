/** `hub work`: only the work, no server and no schedule; any number of them share one PostgreSQL. */
import { exitCodes } from '../support/problem.ts';
import { startWalker } from '../sync/schedule.ts';
import type { Cli } from './command.ts';
import { provisionStandIns } from './stand-ins.ts';
import { stopped } from './stopped.ts';

export const work: Cli = {
  run: (invocation) =>
    invocation.withApp(async (app) => {
      const { hub } = app;
      await provisionStandIns(app);
      const walker = startWalker(hub);
      invocation.print({ working: true }, () => 'Working. Stop with Ctrl-C.');
      await stopped(invocation.signal);
      await walker.stop();
      return exitCodes.done;
    }),
};
