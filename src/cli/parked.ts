/** `hub parked [retry|drop]`: what waits for a person, in the CRM's own words. */
import type { ParkedWork } from '../store/contract.ts';
import { didYouMean } from '../support/nearest.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Hub } from '../sync/hub.ts';
import type { Cli } from './command.ts';
import { reasonLines } from './reasons.ts';

const actions = ['list', 'retry', 'drop'] as const;
type Action = (typeof actions)[number];

export const parked: Cli = {
  options: { '--key <key>': 'only this one' },
  run: (invocation, [given = 'list']) => {
    const action = actionOf(given);
    const { key } = invocation.options;
    return invocation.withApp(async ({ hub }) => {
      if (action === 'list') {
        const all = await hub.store.work.parked();
        invocation.print({ parked: all }, () => listText(all));
        return all.length > 0 ? exitCodes.parked : exitCodes.done;
      }
      const count = await act(hub, action, typeof key === 'string' ? key : undefined);
      const words = action === 'retry' ? 'back to work: run `hub push` or let the server' : 'given up';
      invocation.print({ [action]: count }, () => `${count} ${words}`);
      return exitCodes.done;
    });
  },
};

function actionOf(given: string): Action {
  const action = actions.find((one) => one === given);
  if (action) return action;
  throw new Problem('usage', `"${given}" is not something to do with parked work.`, {
    remedy: didYouMean(given, actions),
  });
}

async function act({ store }: Hub, action: 'retry' | 'drop', key: string | undefined): Promise<number> {
  const filter = key === undefined ? {} : { key };
  const count = await (action === 'retry' ? store.work.unpark(filter) : store.work.drop(filter));
  if (count > 0 || key === undefined) return count;
  throw new Problem('usage', `Nothing is parked under "${key}".`, {
    remedy: 'Give a key as `hub parked` lists it.',
  });
}

function listText(all: readonly ParkedWork[]): string {
  if (all.length === 0) return 'Nothing is parked.';
  return [`${all.length} parked`, ...reasonLines(all)].join('\n');
}
