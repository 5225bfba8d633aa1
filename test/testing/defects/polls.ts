import type { ToyContext } from '../toy/config.ts';
import { toy } from '../toy/connector.ts';
import { overlapMs } from '../toy/reading.ts';
import { object } from '../toy/rows.ts';
import { type Defect, withHttp } from './sabotage.ts';

const news = 'a poll names a stream that has news';
const late = 'a poll does not overlook what was committed late';
const quiet = 'a poll at quiet streams names none, in fewer calls than a pull of each';

export const pollDefects: readonly Defect[] = [
  {
    name: 'never sees news at a poll',
    toy: { ...toy, poll: async () => new Set() },
    caughtBy: [news, late, quiet],
  },
  {
    name: 'sees news everywhere',
    toy: { ...toy, poll: async () => new Set([object]) },
    caughtBy: [quiet],
  },
  {
    name: 'polls at what is newer than the newest only',
    toy: {
      ...toy,
      poll: async (ctx, standing) => (await toy.poll?.(later(ctx), standing)) ?? new Set(),
    },
    caughtBy: [late],
  },
];

/** Takes the connector's own reaching back away again. */
function later(ctx: ToyContext): ToyContext {
  const since = (query: Readonly<Record<string, unknown>> = {}) => String(Number(query.since) + overlapMs);
  return withHttp(ctx, (http) => ({
    ...http,
    send: (request) => http.send({ ...request, query: { ...request.query, since: since(request.query) } }),
  }));
}
