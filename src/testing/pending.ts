/** Checks of sinks whose writes go by jobs (imports): nobody sleeps for them, and what became of each write is found out. */
import assert from 'node:assert/strict';
import type { Write } from '../connector/contract/writing.ts';
import type { Bench } from './bench.ts';
import { type Check, sinkCheck } from './check.ts';
import { collectAll, collectJob, collectorOf, jobsOf } from './jobs.ts';
import type { SinkSubject } from './subject.ts';
import { assertAligned, failed, provisioned, spoilt, textOf, there, upserts, written } from './writes.ts';

/** A push that holds its writes for longer keeps them from everybody else. */
const longestHoldMs = 60_000;

export const pendingChecks: readonly Check[] = [
  slow('a push that is kept waiting ends at once, and its job tells each outcome', async (bench, sink) => {
    const writes = upserts(bench, sink, 5).map((write, n) => (n === 2 ? spoilt(write, sink) : write));
    const began = bench.clock.now();
    const outcomes = await bench.sink(sink.object).push(bench.connect(), writes);
    assert(
      bench.clock.now() - began <= longestHoldMs,
      'the push waited by itself, and kept its writes from others',
    );
    assert(
      outcomes.some(({ status }) => status === 'pending'),
      'the vendor keeps the push waiting, but its outcomes were told as if they were known',
    );
    const decided = await collectAll(bench, sink.object, writes, outcomes);
    assertAligned(decided, writes);
    for (const [n, write] of writes.entries()) {
      if (n === 2) assert.equal(failed(decided, write.key).fault.kind, 'rejected');
      else
        assert.deepEqual(
          there(bench, sink, written(decided, write.key).id),
          textOf(sink, write),
          `${write.key} is another record`,
        );
    }
  }),

  slow('a job that is asked for again says the same', async (bench, sink) => {
    for (const job of await running(bench, sink, upserts(bench, sink, 3))) {
      const first = await collectJob(bench, sink.object, job);
      const second = await collectJob(bench, sink.object, job);
      const ids = (outcomes: typeof first) => job.writes.map(({ key }) => written(outcomes, key).id);
      assert.deepEqual(ids(second), ids(first));
    }
  }),

  slow('a job that the vendor no longer knows is expired', async (bench, sink) => {
    const [job] = await running(bench, sink, upserts(bench, sink, 3));
    assert(job);
    assert(bench.emulator.expireCursors, 'the emulator cannot forget its jobs');
    bench.emulator.expireCursors();
    bench.clock.advance(job.rest.resumeInMs);
    const collect = collectorOf(bench, sink.object);
    await bench.fault(() => collect(bench.connect(), job.job, job.writes), 'expired');
  }),
];

function slow(name: string, run: (bench: Bench, sink: SinkSubject) => Promise<void>): Check {
  return sinkCheck(
    name,
    async (bench, sink) => {
      await provisioned(bench, sink);
      await run(bench, sink);
    },
    (sink) => sink.slow !== undefined,
    (sink) => sink.slow?.knobs ?? {},
  );
}

async function running(bench: Bench, sink: SinkSubject, writes: readonly Write[]) {
  const jobs = jobsOf(writes, await bench.sink(sink.object).push(bench.connect(), writes));
  assert(jobs.length > 0, 'no write is pending');
  return jobs;
}
