/** `hub push`: send what the plan says. */
import { exitCodes } from '../support/problem.ts';
import { markAdminChanges, walk } from '../sync/road.ts';
import { allowHeld } from '../sync/safety.ts';
import type { Cli } from './command.ts';

export const push: Cli = {
  options: { '--yes': 'also what the hub held back because it would change too many records' },
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const yes = invocation.options.yes === true;
      await markAdminChanges(hub);
      const allowed = yes ? await allowHeld(hub) : 0;
      const counts = await walk(hub, { yes });
      const parked = await hub.store.work.parked({ stage: 'push' });
      invocation.print({ ...counts, allowed, parked: parked.length }, () =>
        [
          `${counts.written} written, ${counts.failed} refused, ${parked.length} wait for you`,
          ...parked.slice(0, 20).map(({ key, reason }) => `  ${reason.record ?? key}: ${reason.message}`),
        ].join('\n'),
      );
      if (counts.signIn.length > 0) return exitCodes.signIn;
      return parked.length > 0 ? exitCodes.parked : exitCodes.done;
    }),
};
