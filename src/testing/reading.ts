/** Checks of streams: every record, exactly once, whatever happens between two readings. */
import assert from 'node:assert/strict';
import type { Checkpoint } from '../connector/contract/reading.ts';
import { collect } from './bench.ts';
import { type Check, streamCheck } from './check.ts';
import { complete, eachOnce, latest } from './expect.ts';
import { Landing } from './landing.ts';
import { longAgo, perPageOf, settled, tell, twoPagesAndMore } from './story.ts';
import type { StreamSubject } from './subject.ts';

const hour = 3_600_000;
const changes = (stream: StreamSubject) => stream.change !== undefined;

export const readingChecks: readonly Check[] = [
  streamCheck(
    'a backfill brings every record once, ties across a page edge included',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const { records, pages } = await bench.read(stream.object);
      eachOnce(records, ids);
      assert(
        pages.length >= 3,
        `${ids.length} records came in ${pages.length} pages: no page edge was tried`,
      );
    },
  ),

  streamCheck('changes come once each, ties across a page edge included', async (bench, stream) => {
    const { checkpoint } = await settled(bench, stream);
    const { ids } = twoPagesAndMore(bench, stream, bench.clock.now());
    bench.clock.advance(hour);
    const { records } = await bench.read(stream.object, checkpoint);
    eachOnce(records, ids);
  }),

  streamCheck(
    'a record carries its id, its object and the vendor’s own change stamp',
    async (bench, stream) => {
      const { ids, at } = tell(bench, stream, 3, (n) => Math.floor(longAgo(bench) / 1000) * 1000 + n * 1000);
      const { records } = await bench.read(stream.object);
      for (const id of ids) {
        const { object, modifiedAt, tombstone } = latest(records, id);
        assert.deepEqual(
          { object, modifiedAt, tombstone },
          { object: stream.object, modifiedAt: at.get(id), tombstone: undefined },
        );
      }
    },
  ),

  streamCheck('nothing changed, nothing read', async (bench, stream) => {
    twoPagesAndMore(bench, stream, longAgo(bench));
    const { records, checkpoint } = await settled(bench, stream);
    const landing = new Landing();
    landing.put(records);
    bench.clock.advance(hour);
    const calls = await bench.callsOf(async () => {
      const news = landing.put((await bench.read(stream.object, checkpoint)).records);
      assert.equal(news.length, 0, `${news.length} records came as news, although nothing had changed`);
    });
    assert(calls <= stream.idleCalls, `an idle reading took ${calls} calls, not ${stream.idleCalls}`);
  }),

  streamCheck(
    'a changed record comes again, with its new values',
    async (bench, stream) => {
      const { ids } = tell(bench, stream, 3, () => longAgo(bench));
      const { checkpoint } = await settled(bench, stream);
      const [changed = ''] = ids;
      bench.emulator.records.update(stream.object, changed, stream.change ?? {});
      bench.clock.advance(hour);
      const { records } = await bench.read(stream.object, checkpoint);
      assertSays(latest(records, changed).body, stream);
    },
    changes,
  ),

  streamCheck(
    'a change in the middle of a reading is found by it or by the next',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const first = await bench.read(stream.object, null, 1);
      const changed = [ids[0] ?? '', ids.at(-1) ?? ''];
      bench.clock.advance(1000);
      for (const id of changed) bench.emulator.records.update(stream.object, id, stream.change ?? {});
      const made = tell(bench, stream, 1, () => bench.clock.now()).ids;
      const rest = await settled(bench, stream, first.checkpoint);
      complete([...first.records, ...rest.records], [...ids, ...made]);
      for (const id of changed) assertSays(latest(rest.records, id).body, stream);
    },
    changes,
  ),

  streamCheck(
    'a record that was committed late is found',
    async (bench, stream) => {
      tell(bench, stream, 3, () => longAgo(bench));
      const { checkpoint } = await settled(bench, stream);
      tell(bench, stream, 1, () => bench.clock.now());
      const newest = await bench.read(stream.object, checkpoint);
      const stamp = bench.clock.now() - Math.floor((stream.lateByMs ?? 0) * 0.9);
      const { ids } = tell(bench, stream, 1, () => stamp);
      bench.clock.advance(hour);
      complete((await bench.read(stream.object, newest.checkpoint)).records, ids);
    },
    (stream) => stream.lateByMs !== undefined,
  ),

  streamCheck(
    'a reading goes on from every checkpoint, and repeats one page at most',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const { pages } = await bench.read(stream.object);
      for (const [index, page] of pages.entries()) {
        const before = pages.slice(0, index + 1).flatMap(({ records }) => records);
        const { records } = await bench.read(stream.object, page.checkpoint);
        complete([...before, ...records], ids);
        const known = new Set(before.map(({ id }) => id));
        const repeated = records.filter(({ id }) => known.has(id)).length;
        const perPage = perPageOf(bench, stream);
        assert(
          repeated <= perPage,
          `${repeated} records came again after page ${index + 1}; a page has ${perPage}`,
        );
      }
    },
  ),

  streamCheck('an expired checkpoint leads to a bounded re-read', async (bench, stream) => {
    const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
    const { pages } = await bench.read(stream.object);
    for (const [index, page] of pages.entries()) {
      bench.emulator.expireCursors?.();
      const before = pages.slice(0, index + 1).flatMap(({ records }) => records);
      const { records } = await bench.read(stream.object, page.checkpoint);
      complete([...before, ...records], ids);
      assert(
        records.length <= ids.length,
        `${records.length} records were read again; there are ${ids.length}`,
      );
    }
  }),

  streamCheck('a record looks the same whichever way it was read', async (bench, stream) => {
    const { ids } = tell(bench, stream, 3, () => longAgo(bench));
    const before = await settled(bench, stream);
    const [changed = ''] = ids;
    if (stream.change) bench.emulator.records.update(stream.object, changed, stream.change);
    const made = tell(bench, stream, 2, () => bench.clock.now()).ids;
    bench.clock.advance(hour);
    const read = async (from: Checkpoint | null) =>
      (await collect(bench.pull(bench.connect(), stream.object, from, stream.options))).records;
    const landing = new Landing();
    landing.put(await read(null));
    const named = await bench
      .stream(stream.object)
      .fetch?.(bench.connect(), [changed, ...made], stream.options);
    for (const records of [await read(before.checkpoint), await read(null), named ?? []]) {
      const news = landing.put(records);
      assert.deepEqual(
        news.map(({ body }) => body),
        [],
        'unchanged records came as news',
      );
    }
  }),

  streamCheck('a checkpoint of another release starts the stream over', async (bench, stream) => {
    const { ids } = tell(bench, stream, 3, () => longAgo(bench));
    for (const strange of [{ release: 'other', at: 'never' }, 'cursor', 7, []]) {
      complete((await bench.read(stream.object, strange)).records, ids);
    }
  }),
];

function assertSays(body: unknown, stream: StreamSubject): void {
  const said = JSON.stringify(body);
  for (const value of Object.values(stream.change ?? {})) {
    assert(
      said.includes(JSON.stringify(value)),
      `the record does not say ${JSON.stringify(value)}, its newest value`,
    );
  }
}
