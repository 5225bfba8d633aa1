/** `hub parked [show|retry|drop]`: what waits for a person, in the CRM's own words. */

import { type NamedWork, namedWork } from '../../reports/named-work.ts';
import { didYouMean } from '../../support/nearest.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import { visibleText } from '../../support/text.ts';
import type { Hub } from '../../sync/hub.ts';
import { retryParked } from '../../sync/push/mended.ts';
import type { Cli } from '../command.ts';
import type { Invocation } from '../invocation.ts';
import { reasonLines } from '../text/reasons.ts';

const actions = ['list', 'show', 'retry', 'drop'] as const;
type Action = (typeof actions)[number];

export const parked: Cli = {
  needsConfiguration: true,
  options: { '--key <key>': 'only this one' },
  run: (invocation, [given = 'list']) => {
    const action = actionOf(given);
    const { key } = invocation.options;
    return invocation.withApp(async ({ hub }) => {
      if (action === 'list') {
        const all = await namedWork(hub);
        invocation.print({ parked: all }, () => listText(all));
        return all.length > 0 ? exitCodes.parked : exitCodes.done;
      }
      const one = typeof key === 'string' ? key : undefined;
      if (action === 'show') return show(invocation, hub, one);
      const count = await act(hub, action, one);
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

/** The reason, and of a delivery all that was kept of it. */
async function show(invocation: Invocation, { store }: Hub, key: string | undefined): Promise<number> {
  if (key === undefined)
    throw new Problem('usage', 'Which parked work is to be shown?', {
      remedy: 'Name it as `hub parked` lists it: `hub parked show --key <key>`.',
    });
  const reasons = (await store.work.parked()).filter((one) => one.key === key);
  if (reasons.length === 0) throw nothingUnder(key);
  const [delivery] = await store.inbox.get([key]);
  const body = delivery ? Buffer.from(delivery.body).toString() : undefined;
  const kept = delivery ? { request: delivery.request, body } : {};
  invocation.print({ parked: reasons, ...kept }, () => {
    const head = delivery ? [`  came ${new Date(delivery.at).toISOString()} by ${delivery.request.url}`] : [];
    return [...reasonLines(reasons), ...head, ...(body === undefined ? [] : [visibleText(body)])].join('\n');
  });
  return exitCodes.parked;
}

function nothingUnder(key: string): Problem {
  return new Problem('usage', `Nothing is parked under "${key}".`, {
    remedy: 'Give a key as `hub parked` lists it.',
  });
}

async function act(hub: Hub, action: 'retry' | 'drop', key: string | undefined): Promise<number> {
  const filter = key === undefined ? {} : { key };
  const count = await (action === 'retry' ? retryParked(hub, filter) : hub.store.work.drop(filter));
  if (count > 0 || key === undefined) return count;
  throw nothingUnder(key);
}

function listText(all: readonly NamedWork[]): string {
  if (all.length === 0) return 'Nothing is parked.';
  return [`${all.length} parked`, ...reasonLines(all)].join('\n');
}
