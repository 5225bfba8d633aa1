/** `hub work`: only the work, no server and no schedule; any number of them share one PostgreSQL. */
import { exitCodes } from '../../support/problem.ts';
import { startWalker } from '../../sync/schedule.ts';
import type { Cli } from '../command.ts';
import { runLive } from './live.ts';
import { provisionStandIns } from './stand-ins.ts';
import { stopped } from './stopped.ts';

export const work: Cli = {
  needsConfiguration: true,
  run: (invocation) =>
    invocation.withApp(async (app) => {
      await provisionStandIns(app);
      const load = () => invocation.settings();
      const running = await runLive(app, { load, run: async (hub) => startWalker(hub) });
      invocation.print({ working: true }, () => 'Working. Stop with Ctrl-C.');
      await stopped(invocation.signal);
      await running.stop();
      return exitCodes.done;
    }),
};
