/** Checks of `poll`: no news is overlooked, and quiet streams cost less than a pull of each. */
import assert from 'node:assert/strict';
import type { Checkpoint } from '../connector/contract/reading.ts';
import type { Bench } from './bench.ts';
import { type Check, connectorCheck, streamCheck } from './check.ts';
import { longAgo, settled, tell } from './story.ts';
import type { ConformanceSubject, StreamSubject } from './subject.ts';

const minute = 60_000;
const hour = 60 * minute;
const polls = (_: StreamSubject, { connector }: ConformanceSubject) => connector.poll !== undefined;

export const pollChecks: readonly Check[] = [
  streamCheck(
    'a poll names a stream that has news',
    async (bench, stream) => {
      const ids = spread(bench, stream);
      let { checkpoint } = await settled(bench, stream);
      for (const [what, happens] of happenings(bench, stream, ids)) {
        happens();
        bench.clock.advance(hour);
        assert(await isNamed(bench, stream, checkpoint), `${what} was overlooked`);
        ({ checkpoint } = await settled(bench, stream, checkpoint));
      }
    },
    polls,
  ),

  streamCheck(
    'a poll does not overlook what was committed late',
    async (bench, stream) => {
      spread(bench, stream);
      const before = await settled(bench, stream);
      tell(bench, stream, 1, () => bench.clock.now());
      const newest = await bench.read(stream.object, before.checkpoint);
      const stamp = bench.clock.now() - Math.floor((stream.lateByMs ?? 0) * 0.9);
      tell(bench, stream, 1, () => stamp);
      bench.clock.advance(minute);
      assert(await isNamed(bench, stream, newest.checkpoint), 'a late record was overlooked');
    },
    (stream, subject) => polls(stream, subject) && stream.lateByMs !== undefined,
  ),

  connectorCheck(
    'a poll at quiet streams names none, in fewer calls than a pull of each',
    ({ connector, streams }) => (connector.poll === undefined ? undefined : streams),
    async (bench, streams) => {
      const standing: { object: string; checkpoint: Checkpoint }[] = [];
      for (const stream of streams) spread(bench, stream);
      for (const stream of streams) {
        const { checkpoint } = await settled(bench, stream);
        standing.push({ object: stream.object, checkpoint });
      }
      const calls = await bench.callsOf(async () => {
        const named = await bench.poll(standing.slice(-1));
        assert.deepEqual([...named], [], 'a quiet stream was named');
      });
      assert.equal(calls, 1);
      const all = await bench.callsOf(() => bench.poll(standing));
      assert(all <= Math.max(1, streams.length - 1), `a poll at ${streams.length} streams took ${all} calls`);
    },
  ),
];

/** Hours apart, so that none lies within the overlap of another. */
function spread(bench: Bench, stream: StreamSubject): readonly string[] {
  return tell(bench, stream, 3, (n) => longAgo(bench) + n * hour).ids;
}

function happenings(
  bench: Bench,
  stream: StreamSubject,
  [changed = '', gone = '']: readonly string[],
): [what: string, happens: () => unknown][] {
  const { records } = bench.emulator;
  const { object, change, deletes = true } = stream;
  const all: [string, () => unknown][] = [
    ['a new record', () => tell(bench, stream, 1, () => bench.clock.now())],
  ];
  if (change !== undefined) all.push(['a change', () => records.update(object, changed, change)]);
  if (deletes) all.push(['a deletion', () => records.remove(object, gone)]);
  return all;
}

async function isNamed(
  bench: Bench,
  { object }: StreamSubject,
  checkpoint: Checkpoint | null,
): Promise<boolean> {
  assert(checkpoint !== null, 'the stream gave no checkpoint');
  return (await bench.poll([{ object, checkpoint }])).has(object);
}
