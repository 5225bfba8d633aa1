import type { Page } from '../../../src/connector/contract/reading.ts';
import { isJsonObject } from '../../../src/support/json.ts';
import type { ToyContext } from '../toy/config.ts';
import { toy } from '../toy/connector.ts';
import { type Defect, fetching, pulling, verifying, withHttp } from './sabotage.ts';

const courseOf = (name: string) => `nothing is overlooked by a hub whose clock is ${name}`;
const ahead = courseOf('an hour ahead once');
const alwaysAhead = courseOf('ahead all the time');
const behind = courseOf('behind all the time');
const back = courseOf('jumping back by a day');
const far = courseOf('jumping ahead by a year');
const during = 'a clock that is set anew during a reading hides no change';
const future = 'a checkpoint of a time that has not come yet is noticed, and healed';
const stamps = 'what a wrong clock reads by id is older than what is read afterwards';
const told = 'a webhook that is refused for its time says how far the clocks are apart';

export const clockDefects: readonly Defect[] = [
  {
    name: 'rests on the hub’s clock',
    toy: pulling(toy, async function* (pull, ctx, ...rest) {
      for await (const page of pull(undated(ctx), ...rest)) yield restingAt(page, ctx.clock.now());
    }),
    caughtBy: [ahead, alwaysAhead, back, far, during, future],
  },
  {
    name: 'looks up to the hub’s own time only',
    toy: pulling(toy, async function* (pull, ctx, ...rest) {
      for await (const page of pull(ctx, ...rest)) {
        const records = page.records.filter(({ modifiedAt }) => modifiedAt <= ctx.clock.now());
        yield { ...page, records };
      }
    }),
    caughtBy: [behind, back, far],
  },
  {
    name: 'believes a checkpoint that is ahead of its time',
    toy: pulling(toy, (pull, ctx, ...rest) => pull(undated(ctx), ...rest)),
    caughtBy: [future],
  },
  {
    name: 'stamps what is gone with the hub’s time',
    toy: fetching(toy, (fetch) => async (ctx, ids) => {
      const records = await fetch(ctx, ids);
      return records.map((one) => (one.tombstone ? { ...one, modifiedAt: ctx.clock.now() } : one));
    }),
    caughtBy: [stamps],
  },
  {
    name: 'says only that a webhook is too old',
    toy: verifying(toy, (sound) => (sound.accepted ? sound : { ...sound, reason: 'too old' })),
    caughtBy: [told],
  },
];

/** Without the vendor's time on its answers. */
function undated(ctx: ToyContext): ToyContext {
  return withHttp(ctx, (http) => ({
    ...http,
    send: async (request) => {
      const { servedAt: _, ...answer } = await http.send(request);
      return answer;
    },
  }));
}

function restingAt(page: Page, now: number): Page {
  const { checkpoint } = page;
  const isAtRest = isJsonObject(checkpoint) && checkpoint.cursor === null;
  return isAtRest ? { ...page, checkpoint: { ...checkpoint, since: now, after: '' } } : page;
}
