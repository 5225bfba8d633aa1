/** `hub sync [connection] [--full]`: pull what changed, walk the road until nothing is due. */
import { Fault } from '../../connector/fault.ts';
import { troublesOf } from '../../reports/troubles.ts';
import type { Hub, System } from '../../sync/hub.ts';
import { pullSystem } from '../../sync/pull/pull.ts';
import type { PullScope } from '../../sync/pull/stream.ts';
import { markAdminChanges } from '../../sync/road.ts';
import type { Cli } from '../command.ts';
import { verdict } from '../text/verdict.ts';
import { provisionStandIns } from './stand-ins.ts';
import { chosen } from './systems.ts';
import { isLeft, readOnlyLines, walkedText, walkOut } from './walk.ts';

interface Pulled {
  readonly received: number;
  readonly changed: number;
  /** Withdrawn, because they no longer came. */
  readonly gone: number;
  readonly calls: number;
  /** What is not read, or not read whole, and what to do. */
  readonly refused: readonly string[];
  /** Why the pull ended early; the others went on. */
  readonly fault: { readonly kind: string; readonly message: string } | null;
}

export const sync: Cli = {
  needsConfiguration: true,
  options: {
    '--full': 'read everything again, also what seems unchanged (formula fields, associations)',
    '--yes': 'with --full: withdraw what no longer comes, however many records that are',
  },
  run: (invocation, [name]) =>
    invocation.withApp(async (app) => {
      const { hub } = app;
      await provisionStandIns(app);
      const systems = chosen(hub, name);
      for (const { connection, object, marked, why } of await markAdminChanges(hub)) {
        if (marked > 0) invocation.say(`${connection} ${object}: ${marked} to look at again (${why})`);
      }
      const scope = { full: invocation.options.full === true, yes: invocation.options.yes === true };
      const pulled: Record<string, Pulled> = {};
      for (const system of systems) pulled[system.name] = await pull(hub, system, scope);
      const walked = await walkOut(hub);
      const parked = (await hub.store.work.parked()).length;
      invocation.print({ pulled, walked, parked }, () =>
        [
          ...Object.entries(pulled).map(([system, counts]) => line(system, counts)),
          walkedText(walked, parked),
          ...readOnlyLines(hub),
        ].join('\n'),
      );
      const kinds = Object.values(pulled).map(({ fault }) => fault?.kind);
      return verdict({
        signIn: walked.signIn.length > 0 || kinds.includes('unauthorized'),
        failed: kinds.some((kind) => kind !== undefined) || isLeft(walked),
        parked,
      });
    }),
};

async function pull(hub: Hub, system: System, scope: PullScope): Promise<Pulled> {
  try {
    const { received, changed, gone } = await pullSystem(hub, system, scope);
    const refused = (await troublesOf(hub, system)).map(({ message }) => message);
    return { received, changed, gone, calls: system.calls(), refused, fault: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const fault = { kind: error.kind, message: error.message };
    return { received: 0, changed: 0, gone: 0, calls: system.calls(), refused: [], fault };
  }
}

function line(system: string, { received, changed, gone, calls, refused, fault }: Pulled): string {
  if (fault) return `${system}: not read to the end. ${fault.message}`;
  const withdrawn = gone > 0 ? `, ${gone} gone` : '';
  const sum = `${system}: ${received} records in, ${changed} of them news${withdrawn}, ${calls} calls`;
  return [sum, ...refused].join('\n  ');
}
