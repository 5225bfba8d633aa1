/** `hub sync [connection] [--full]`: pull what changed, walk the road until nothing is due. */
import { exitCodes } from '../support/problem.ts';
import { pullSystem } from '../sync/pull.ts';
import { markAdminChanges, walk } from '../sync/road.ts';
import type { Cli } from './command.ts';
import { chosen } from './systems.ts';

export const sync: Cli = {
  options: { '--full': 'read everything again, also what seems unchanged (formula fields, associations)' },
  run: (invocation, [name]) =>
    invocation.withApp(async ({ hub }) => {
      for (const change of await markAdminChanges(hub)) {
        if (change.marked > 0)
          invocation.say(
            `${change.connection} ${change.object}: ${change.marked} to look at again (${change.why})`,
          );
      }
      const pulled: Record<string, { received: number; changed: number; calls: number }> = {};
      for (const system of chosen(hub, name)) {
        const { received, changed } = await pullSystem(hub, system, {
          full: invocation.options.full === true,
        });
        pulled[system.name] = { received, changed, calls: system.calls() };
      }
      const walked = await walk(hub);
      const parked = (await hub.store.work.parked()).length;
      invocation.print({ pulled, walked, parked }, () =>
        [
          ...Object.entries(pulled).map(
            ([system, { received, changed, calls }]) =>
              `${system}: ${received} records in, ${changed} of them news, ${calls} calls`,
          ),
          `${walked.written} written, ${walked.failed} refused, ${parked} parked`,
        ].join('\n'),
      );
      if (walked.signIn.length > 0) return exitCodes.signIn;
      return parked > 0 ? exitCodes.parked : exitCodes.done;
    }),
};
