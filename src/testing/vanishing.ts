/** Checks of what becomes of records that are deleted or merged, and of reading by id. */
import assert from 'node:assert/strict';
import { type Check, streamCheck } from './check.ts';
import { complete, eachOnce, latest } from './expect.ts';
import { longAgo, perPageOf, settled, tell } from './story.ts';
import type { StreamSubject } from './subject.ts';

const hour = 3_600_000;
const deletes = (stream: StreamSubject) => stream.deletes !== false;
const merges = (stream: StreamSubject) => stream.merges === true;

export const vanishingChecks: readonly Check[] = [
  streamCheck(
    'a deleted record comes as a tombstone',
    async (bench, stream) => {
      const { ids } = tell(bench, stream, 3, () => longAgo(bench));
      const { checkpoint } = await settled(bench, stream);
      const [gone = ''] = ids;
      bench.emulator.records.remove(stream.object, gone);
      bench.clock.advance(hour);
      const { records } = await bench.read(stream.object, checkpoint);
      const { tombstone } = latest(records, gone);
      assert(
        tombstone?.kind === 'deleted' || tombstone?.kind === 'erased',
        'a deleted record came as a live one',
      );
    },
    deletes,
  ),

  streamCheck(
    'a merged record names the one that lives on',
    async (bench, stream) => {
      const { ids } = tell(bench, stream, 3, () => longAgo(bench));
      const { checkpoint } = await settled(bench, stream);
      const [winner = '', loser = ''] = ids;
      const into = bench.emulator.records.merge?.(stream.object, winner, loser);
      bench.clock.advance(hour);
      const { records } = await bench.read(stream.object, checkpoint);
      assert.deepEqual(latest(records, loser).tombstone, { kind: 'merged', into });
      assert.equal(
        latest(records, into ?? '').tombstone,
        undefined,
        'the surviving record came as a tombstone',
      );
    },
    merges,
  ),

  streamCheck(
    'reading by id brings each named record once, and tombstones for those that are gone',
    async (bench, stream) => {
      const { ids } = tell(bench, stream, perPageOf(bench, stream) + 1, () => longAgo(bench));
      const [gone] = deletes(stream) ? ids : [];
      if (gone !== undefined) bench.emulator.records.remove(stream.object, gone);
      const found = (await bench.stream(stream.object).fetch?.(bench.connect(), ids)) ?? [];
      eachOnce(found, ids);
      const dead = found.filter(({ tombstone }) => tombstone !== undefined).map(({ id }) => id);
      assert.deepEqual(dead, gone === undefined ? [] : [gone]);
    },
    (stream, subject) => subject.connector.streams?.[stream.object]?.fetch !== undefined,
  ),

  streamCheck(
    'a record that was merged away is a tombstone when read by id',
    async (bench, stream) => {
      const { ids } = tell(bench, stream, 2, () => longAgo(bench));
      const [winner = '', loser = ''] = ids;
      const into = bench.emulator.records.merge?.(stream.object, winner, loser);
      bench.clock.advance(hour);
      const found = (await bench.stream(stream.object).fetch?.(bench.connect(), ids)) ?? [];
      complete(found, ids);
      assert.deepEqual(latest(found, loser).tombstone, { kind: 'merged', into });
    },
    (stream, subject) => merges(stream) && subject.connector.streams?.[stream.object]?.fetch !== undefined,
  ),
];
