/** Pushes that the vendor decides later, collected as the hub does it. */
import assert from 'node:assert/strict';
import type { Context } from '../connector/contract/context.ts';
import type { Rest } from '../connector/contract/reading.ts';
import type { Decided, Outcome, Pending, Sink, Write } from '../connector/contract/writing.ts';
import type { Json } from '../support/json.ts';
import type { VirtualClock } from './clock.ts';

const mostRests = 100;

/** Of the bench, what it takes to ask. */
interface Asker {
  readonly clock: VirtualClock;
  sink(object: string): Sink;
  connect(): Context;
}

export interface RunningJob {
  readonly job: Json;
  readonly rest: Rest;
  readonly writes: readonly Write[];
}

/** The jobs that writes wait for, as they come out of the store: a job is JSON there, and writes have an order of their own. */
export function jobsOf(writes: readonly Write[], outcomes: readonly Outcome[]): RunningJob[] {
  const pending = outcomes.filter((outcome): outcome is Pending => outcome.status === 'pending');
  const groups = Map.groupBy(pending, ({ job }) => JSON.stringify(job));
  return [...groups].flatMap(([job, group]): RunningJob[] => {
    const [first] = group;
    const keys = new Set(group.map(({ key }) => key));
    const own = writes.filter(({ key }) => keys.has(key)).reverse();
    const handed = own.map(({ version: _, ...write }) => write);
    return first ? [{ job: JSON.parse(job), rest: first.rest, writes: handed }] : [];
  });
}

export function collectorOf(bench: Asker, object: string): NonNullable<Sink['collect']> {
  const sink = bench.sink(object);
  assert(sink.collect, 'the sink says that writes are pending, and nobody can ask what became of them');
  return (...args) => sink.collect?.(...args) ?? assert.fail();
}

/** Waits as it is told to; over a new connection each time, for it may be another process that asks. */
export async function collectJob(
  bench: Asker,
  object: string,
  { job, rest, writes }: RunningJob,
): Promise<Decided[]> {
  const collect = collectorOf(bench, object);
  let wait = rest;
  for (let rests = 0; rests < mostRests; rests += 1) {
    assert(
      wait.resumeInMs >= 0 && wait.waitsFor.length > 0,
      'a rest says for how long, and what is waited for',
    );
    bench.clock.advance(wait.resumeInMs);
    const said = await collect(bench.connect(), job, writes);
    if (Array.isArray(said)) return said;
    wait = said;
  }
  assert.fail(`still waiting after ${mostRests} rests`);
}

/** Every outcome, those included that come later. */
export async function collectAll(
  bench: Asker,
  object: string,
  writes: readonly Write[],
  outcomes: readonly Outcome[],
): Promise<Decided[]> {
  const decided = outcomes.filter((outcome): outcome is Decided => outcome.status !== 'pending');
  for (const job of jobsOf(writes, outcomes)) decided.push(...(await collectJob(bench, object, job)));
  return decided;
}
