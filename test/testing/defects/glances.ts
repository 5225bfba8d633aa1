import type { ToyContext } from '../toy/config.ts';
import { toy } from '../toy/connector.ts';
import { overlapMs } from '../toy/reading.ts';
import { object } from '../toy/rows.ts';
import { type Defect, withHttp } from './sabotage.ts';

const news = 'a glance names a stream that has news';
const late = 'a glance does not overlook what was committed late';
const quiet = 'a glance at quiet streams names none, in fewer calls than a pull of each';

export const glanceDefects: readonly Defect[] = [
  {
    name: 'never sees news at a glance',
    toy: { ...toy, glance: async () => new Set() },
    caughtBy: [news, late, quiet],
  },
  {
    name: 'sees news everywhere',
    toy: { ...toy, glance: async () => new Set([object]) },
    caughtBy: [quiet],
  },
  {
    name: 'glances at what is newer than the newest only',
    toy: {
      ...toy,
      glance: async (ctx, standing) => (await toy.glance?.(later(ctx), standing)) ?? new Set(),
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
