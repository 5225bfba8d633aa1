/** Checks of the ways to read that not every vendor has: pulls that must wait, parts, and lists of ids. */
import assert from 'node:assert/strict';
import type { Rest } from '../connector/contract/reading.ts';
import { collect, type Reading } from './bench.ts';
import { type Check, streamCheck } from './check.ts';
import { eachOnce } from './expect.ts';
import { longAgo, tell, twoPagesAndMore } from './story.ts';
import type { ConformanceSubject, StreamSubject } from './subject.ts';

/** A pull that holds its lease for longer keeps everybody else from the stream. */
const longestHoldMs = 60_000;
const mostRests = 100;

const has =
  (ability: 'ids' | 'count' | 'parts') =>
  (stream: StreamSubject, { connector }: ConformanceSubject) =>
    connector.streams?.[stream.object]?.[ability] !== undefined;

export const restingChecks: readonly Check[] = [
  streamCheck(
    'a reading that is kept waiting rests, and is taken up from its checkpoint without being asked for again',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const starts = () =>
        bench.emulator.requests.entries.filter(({ route }) => route === stream.slow?.starts);
      let began = bench.clock.now();
      let reading: Reading = await bench.read(stream.object);
      const records = [...reading.records];
      assert(reading.rest, 'the vendor keeps the reading waiting, but it ended as if it had been read');
      for (let rests = 0; reading.rest; rests += 1) {
        const { resumeInMs, waitsFor }: Rest = reading.rest;
        assert(rests < mostRests, `still waiting after ${mostRests} rests`);
        assert(
          bench.clock.now() - began <= longestHoldMs,
          'the pull waited by itself, and kept its stream from others',
        );
        assert(resumeInMs > 0 && waitsFor.length > 0, 'a rest says for how long, and what is waited for');
        bench.clock.advance(resumeInMs);
        began = bench.clock.now();
        reading = await bench.read(stream.object, reading.checkpoint);
        records.push(...reading.records);
      }
      eachOnce(records, ids);
      assert.equal(starts().length, 1, `the reading was asked for ${starts().length} times`);
    },
    ({ slow }) => slow !== undefined,
    ({ slow }) => slow?.knobs ?? {},
  ),

  streamCheck(
    'each record comes with one part of the stream only',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const parts = (await bench.stream(stream.object).parts?.(bench.connect())) ?? [];
      assert(parts.length > 1, 'with one part there is nothing to tell apart');
      assert.deepEqual(parts, [...new Set(parts)], 'a part is named twice');
      const readings = await Promise.all(
        parts.map((part) => collect(bench.stream(stream.object).pull(bench.connect(), null, { part }))),
      );
      const brought = readings.filter(({ records }) => records.length > 0);
      assert(brought.length > 1, 'all records are in one part: nothing was tried');
      eachOnce(
        readings.flatMap(({ records }) => records),
        ids,
      );
    },
    has('parts'),
  ),

  streamCheck(
    'the list of ids names every live record, and none that is gone',
    async (bench, stream) => {
      const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
      const [gone] = stream.deletes === false ? [] : ids;
      if (gone !== undefined) bench.emulator.records.remove(stream.object, gone);
      const named = new Set<string>();
      for await (const some of bench.stream(stream.object).ids?.(bench.connect()) ?? [])
        for (const id of some) named.add(id);
      assert.deepEqual([...named].toSorted(), ids.filter((id) => id !== gone).toSorted());
    },
    has('ids'),
  ),

  streamCheck(
    'the count is that of the live records',
    async (bench, stream) => {
      const { ids } = tell(bench, stream, 5, () => longAgo(bench));
      const [gone] = stream.deletes === false ? [] : ids;
      if (gone !== undefined) bench.emulator.records.remove(stream.object, gone);
      const count = await bench.stream(stream.object).count?.(bench.connect());
      assert.equal(count, ids.filter((id) => id !== gone).length);
    },
    has('count'),
  ),
];
