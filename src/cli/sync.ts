/** `hub sync [connection] [--full]`: pull what changed, walk the road until nothing is due. */
import { Fault } from '../connector/fault.ts';
import type { Hub, System } from '../sync/hub.ts';
import { pullSystem } from '../sync/pull.ts';
import { markAdminChanges } from '../sync/road.ts';
import type { Cli } from './command.ts';
import { provisionStandIns } from './stand-ins.ts';
import { chosen } from './systems.ts';
import { verdict } from './verdict.ts';
import { readOnlyLines, walkedText, walkOut } from './walk.ts';

interface Pulled {
  readonly received: number;
  readonly changed: number;
  readonly calls: number;
  /** Why the pull ended early; the others went on. */
  readonly fault: { readonly kind: string; readonly message: string } | null;
}

export const sync: Cli = {
  options: { '--full': 'read everything again, also what seems unchanged (formula fields, associations)' },
  run: (invocation, [name]) =>
    invocation.withApp(async (app) => {
      const { hub } = app;
      await provisionStandIns(app);
      const systems = chosen(hub, name);
      for (const { connection, object, marked, why } of await markAdminChanges(hub)) {
        if (marked > 0) invocation.say(`${connection} ${object}: ${marked} to look at again (${why})`);
      }
      const full = invocation.options.full === true;
      const pulled: Record<string, Pulled> = {};
      for (const system of systems) pulled[system.name] = await pull(hub, system, full);
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
        failed: kinds.some((kind) => kind !== undefined) || walked.waiting > 0,
        parked,
      });
    }),
};

async function pull(hub: Hub, system: System, full: boolean): Promise<Pulled> {
  try {
    const { received, changed } = await pullSystem(hub, system, { full });
    return { received, changed, calls: system.calls(), fault: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const fault = { kind: error.kind, message: error.message };
    return { received: 0, changed: 0, calls: system.calls(), fault };
  }
}

function line(system: string, { received, changed, calls, fault }: Pulled): string {
  if (fault) return `${system}: not read to the end. ${fault.message}`;
  return `${system}: ${received} records in, ${changed} of them news, ${calls} calls`;
}
