import { z } from 'zod';
import type {
  Checkpoint,
  Page,
  PullOptions,
  Stream,
  StreamPosition,
  VendorRecord,
} from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { clockToleranceMs } from '../../../src/connector/vendor-clock.ts';
import type { ToyConfig, ToyContext } from './config.ts';
import { object } from './rows.ts';

const thing = z.object({
  id: z.string(),
  stamp: z.number(),
  version: z.number(),
  fields: z.record(z.string(), z.json()),
  dead: z.boolean(),
  mergedInto: z.string().nullable(),
});
const listing = z.object({ things: z.array(thing), cursor: z.string().nullable() });

/** The last thing read, and the vendor's cursor while there is more. */
const place = z.object({ since: z.number(), after: z.string(), cursor: z.string().nullable() });
type Place = z.infer<typeof place>;

/** How far the next reading reaches back, for things that are committed late. */
export const overlapMs = 5_000;

const idList = z.object({ ids: z.array(z.string()) });
const total = z.object({ count: z.number() });

export const things: Stream<ToyConfig> = {
  title: 'Things',
  pageSize: 10,
  pull,
  fetch: lookUp,
  ids: async function* ({ http }) {
    yield idList.parse((await http.send({ method: 'GET', url: '/things/ids' })).json()).ids;
  },
  count: async ({ http }) =>
    total.parse((await http.send({ method: 'GET', url: '/things/count' })).json()).count,
};

export async function* pull(
  ctx: ToyContext,
  checkpoint: Checkpoint | null,
  { part }: PullOptions = {},
): AsyncGenerator<Page> {
  let at = startFrom(checkpoint);
  for (;;) {
    let page = await next(ctx, at, part);
    if (at.since > (page.servedAt ?? at.since) + clockToleranceMs) {
      at = startFrom(null);
      page = await next(ctx, at, part);
    }
    const last = page.things.at(-1);
    at = { cursor: page.cursor, since: last?.stamp ?? at.since, after: last?.id ?? at.after };
    yield { records: page.things.map(toRecord), checkpoint: at };
    if (page.cursor === null) return;
  }
}

/** Of the things that the next reading would look at, all but the last one of the reading before are news. */
export async function poll(ctx: ToyContext, standing: readonly StreamPosition[]): Promise<Set<string>> {
  const named = new Set<string>();
  for (const one of standing) if (await hasNews(ctx, one.checkpoint)) named.add(one.object);
  return named;
}

async function hasNews(ctx: ToyContext, checkpoint: Checkpoint): Promise<boolean> {
  const at = place.safeParse(checkpoint).data;
  if (at === undefined || at.cursor !== null) return true;
  const { things, cursor } = await list(ctx, { since: String(at.since - overlapMs), after: '' });
  return cursor !== null || things.some(({ stamp, id }) => stamp !== at.since || id !== at.after);
}

function startFrom(checkpoint: Checkpoint | null): Place {
  const at = place.safeParse(checkpoint).data;
  if (at === undefined) return { since: 0, after: '', cursor: null };
  return at.cursor === null ? { ...at, since: at.since - overlapMs, after: '' } : at;
}

async function next(ctx: ToyContext, { since, after, cursor }: Place, box?: string) {
  const among = box === undefined ? {} : { box };
  const byPlace = { ...among, since: String(since), after };
  try {
    return await list(ctx, cursor === null ? byPlace : { ...among, cursor });
  } catch (error) {
    if (!(error instanceof Fault && error.kind === 'expired')) throw error;
    return list(ctx, byPlace);
  }
}

async function list(ctx: ToyContext, query: Record<string, string>) {
  const answer = await ctx.http.send({ method: 'GET', url: '/things', query });
  return { ...listing.parse(answer.json()), servedAt: answer.servedAt };
}

async function lookUp(ctx: ToyContext, ids: readonly string[]): Promise<VendorRecord[]> {
  const json = { ids: [...ids] };
  const answer = await ctx.http.send({ method: 'POST', url: '/things/lookup', json, repeatable: true });
  return listing.pick({ things: true }).parse(answer.json()).things.map(toRecord);
}

function toRecord({ id, stamp, version, fields, dead, mergedInto }: z.infer<typeof thing>): VendorRecord {
  const record = { object, id, body: fields, modifiedAt: stamp, version: String(version) };
  if (!dead) return record;
  return {
    ...record,
    tombstone: mergedInto === null ? { kind: 'deleted' } : { kind: 'merged', into: mergedInto },
  };
}
