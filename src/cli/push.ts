/** `hub push`: send what the plan says. */
import { markAdminChanges } from '../sync/road.ts';
import { allowHeld } from '../sync/safety.ts';
import type { Cli } from './command.ts';
import { reasonLines } from './reasons.ts';
import { provisionStandIns } from './stand-ins.ts';
import { verdict } from './verdict.ts';
import { readOnlyLines, walkedText, walkOut } from './walk.ts';

export const push: Cli = {
  options: { '--yes': 'also what the hub held back because it would change too many records' },
  run: (invocation) =>
    invocation.withApp(async (app) => {
      const { hub } = app;
      await provisionStandIns(app);
      const yes = invocation.options.yes === true;
      await markAdminChanges(hub);
      const allowed = yes ? await allowHeld(hub) : 0;
      const walked = await walkOut(hub, { yes });
      const parked = await hub.store.work.parked({ stage: 'push' });
      invocation.print({ ...walked, allowed, parked: parked.length }, () =>
        [walkedText(walked, parked.length), ...readOnlyLines(hub), ...reasonLines(parked)].join('\n'),
      );
      return verdict({
        signIn: walked.signIn.length > 0,
        failed: walked.waiting > 0,
        parked: parked.length,
      });
    }),
};
