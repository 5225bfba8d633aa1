/** `hub push`: send what the plan says. */
import { namedWork } from '../../reports/named-work.ts';
import { allowHeld } from '../../sync/push/gates/safety.ts';
import { markAdminChanges } from '../../sync/road.ts';
import type { Cli } from '../command.ts';
import { reasonLines } from '../text/reasons.ts';
import { verdict } from '../text/verdict.ts';
import { provisionStandIns } from './stand-ins.ts';
import { isLeft, readOnlyLines, walkedText, walkOut } from './walk.ts';

export const push: Cli = {
  needsConfiguration: true,
  options: {
    '--yes':
      'also what the hub held back: too many records, the first that it creates in an object, or after an undo',
  },
  run: (invocation) =>
    invocation.withApp(async (app) => {
      const { hub } = app;
      await provisionStandIns(app);
      const yes = invocation.options.yes === true;
      await markAdminChanges(hub);
      const allowed = yes ? await allowHeld(hub) : 0;
      const walked = await walkOut(hub, { yes });
      const parked = await hub.store.work.parked({ stage: 'push' });
      const named = await namedWork(hub, parked);
      invocation.print({ ...walked, allowed, parked: parked.length }, () =>
        [walkedText(walked, parked.length), ...readOnlyLines(hub), ...reasonLines(named)].join('\n'),
      );
      return verdict({
        signIn: walked.signIn.length > 0,
        failed: isLeft(walked),
        parked: parked.length,
      });
    }),
};
