import type { Checkpoint, Page, VendorRecord } from '../../../src/connector/contract/reading.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { isJsonObject } from '../../../src/support/json.ts';
import { toy } from '../toy/connector.ts';
import { type Defect, fetching, judging, paging, pulling, sending, withHttp } from './sabotage.ts';

const backfill = 'a backfill brings every record once, ties across a page edge included';
const changes = 'changes come once each, ties across a page edge included';
const stamps = 'a record carries its id, its object and the vendor’s own change stamp';
const idle = 'nothing changed, nothing read';
const newest = 'a changed record comes again, with its new values';
const middle = 'a change in the middle of a reading is found by it or by the next';
const late = 'a record that was committed late is found';
const resume = 'a reading goes on from every checkpoint, and repeats one page at most';
const expired = 'an expired checkpoint leads to a bounded re-read';
const alike = 'a record looks the same whichever way it was read';
const foreign = 'a checkpoint of another release starts the stream over';

export const readingDefects: readonly Defect[] = [
  {
    name: 'loses the first record of a second page',
    toy: paging(toy, (page, index) => (index === 1 ? { ...page, records: page.records.slice(1) } : page)),
    caughtBy: [backfill, changes, resume, expired, middle],
  },
  {
    name: 'loses ties at a page edge',
    toy: sending(toy, ({ query, ...request }) => ({
      ...request,
      query: { since: sinceOf(query), after: '~' },
    })),
    caughtBy: [backfill, changes, resume, expired, middle],
  },
  {
    name: 'tells a page twice',
    toy: pulling(toy, async function* (pull, ...input) {
      for await (const page of pull(...input)) yield* [page, { ...page, checkpoint: page.checkpoint }];
    }),
    caughtBy: [backfill, changes, resume, expired],
  },
  {
    name: 'stamps records with the minute',
    toy: each((record) => ({ ...record, modifiedAt: Math.floor(record.modifiedAt / 60_000) * 60_000 })),
    caughtBy: [stamps],
  },
  {
    name: 'calls the object by another name',
    toy: each((record) => ({ ...record, object: 'thing' })),
    caughtBy: [stamps],
  },
  {
    name: 'puts the time of reading into the record',
    toy: each((record) => ({ ...record, body: { ...record.body, readAt: performance.now() } })),
    caughtBy: [idle, alike],
  },
  {
    name: 'looks around before it reads',
    toy: pulling(toy, async function* (pull, ctx, ...rest) {
      await ctx.http.send({ method: 'GET', url: '/me' });
      yield* pull(ctx, ...rest);
    }),
    caughtBy: [idle],
  },
  {
    name: 'tells the values that it knew first',
    toy: each(firstKnown(new Map())),
    caughtBy: [newest, middle, alike],
  },
  {
    name: 'never comes back to what it has read',
    toy: withoutOverlap(),
    caughtBy: [late],
  },
  {
    name: 'forgets where it was',
    toy: pulling(toy, (pull, ctx) => pull(ctx, null)),
    caughtBy: [resume, idle],
  },
  {
    name: 'remembers the end as soon as it has begun',
    toy: pulling(toy, async function* (pull, ...input) {
      const pages: Page[] = [];
      for await (const page of pull(...input)) pages.push(page);
      for (const page of pages) yield { ...page, checkpoint: pages.at(-1)?.checkpoint ?? null };
    }),
    caughtBy: [resume, expired, middle],
  },
  {
    name: 'dies of an expired cursor',
    toy: judging(toy, (fault) => (fault?.kind === 'expired' ? new Fault('rejected', fault.message) : fault)),
    caughtBy: [expired],
  },
  {
    name: 'reads everything twice when a cursor has expired',
    toy: pulling(toy, async function* (pull, ctx, checkpoint, ...rest) {
      let expiredOnce = false;
      const { send } = ctx.http;
      const watching = withHttp(ctx, (http) => ({
        ...http,
        send: (request) =>
          send(request).catch((error) => {
            expiredOnce ||= error instanceof Fault && error.kind === 'expired';
            throw error;
          }),
      }));
      yield* pull(watching, checkpoint, ...rest);
      if (expiredOnce) yield* pull(ctx, null);
    }),
    caughtBy: [expired],
  },
  {
    name: 'shows more of a record when it reads from the beginning',
    toy: pulling(toy, async function* (pull, ctx, checkpoint, ...rest) {
      const shown = (record: VendorRecord) => ({ ...record, body: { ...record.body, whole: true } });
      for await (const page of pull(ctx, checkpoint, ...rest))
        yield checkpoint === null ? { ...page, records: page.records.map(shown) } : page;
    }),
    caughtBy: [alike],
  },
  {
    name: 'shows less of a record that is asked for by id',
    toy: fetching(
      toy,
      (fetch) =>
        async (...input) =>
          (await fetch(...input)).map((record) => ({ ...record, body: {} })),
    ),
    caughtBy: [alike],
  },
  {
    name: 'chokes on a foreign checkpoint',
    toy: pulling(toy, (pull, ctx, checkpoint) => {
      if (checkpoint !== null && !isJsonObject(checkpoint)) throw new TypeError('no checkpoint of mine');
      return pull(ctx, checkpoint);
    }),
    caughtBy: [foreign],
  },
];

function sinceOf(query: Readonly<Record<string, string | readonly string[]>> = {}): string {
  const [, stamp] = String(query.cursor ?? '').split('|');
  return stamp ?? String(query.since ?? 0);
}

function each(change: (record: VendorRecord) => VendorRecord) {
  return paging(toy, (page) => ({ ...page, records: page.records.map(change) }));
}

function firstKnown(bodies: Map<string, VendorRecord['body']>) {
  return (record: VendorRecord): VendorRecord => {
    const body = bodies.get(`${record.id}|${record.body.name}`) ?? bodies.get(record.id) ?? record.body;
    bodies.set(record.id, body);
    return { ...record, body };
  };
}

/** Its checkpoint is the latest stamp plus a moment, so that the connector's own reaching back comes to nothing. */
function withoutOverlap() {
  const overlapMs = 5_000;
  const ahead = (checkpoint: Checkpoint): Checkpoint =>
    isJsonObject(checkpoint) && checkpoint.cursor === null
      ? { ...checkpoint, since: Number(checkpoint.since) + overlapMs }
      : checkpoint;
  return paging(toy, (page) => ({ ...page, checkpoint: ahead(page.checkpoint) }));
}
