/** Checks under many faults at once, drawn by seed, with the process killed in between. */
import assert from 'node:assert/strict';
import { type Chance, chance } from '../../emulators/world/story/chance.ts';
import type { Checkpoint, VendorRecord } from '../connector/contract/reading.ts';
import type { Write } from '../connector/contract/writing.ts';
import { Fault } from '../connector/fault.ts';
import type { Bench } from './bench.ts';
import { type Check, sinkCheck, streamCheck } from './check.ts';
import { complete } from './expect.ts';
import { longAgo, twoPagesAndMore } from './story.ts';
import type { SinkSubject } from './subject.ts';
import { assertOneEach, provisioned, upserts } from './writes.ts';

const seeds = [1, 2, 3, 4, 5];
const kinds = ['throttle', 'server-error', 'html', 'truncated', 'drop', 'lost-answer'] as const;
/** Runs that a storm may take; each clears up what the last one left. */
const mostRuns = 40;

export const stormChecks: readonly Check[] = [
  streamCheck('a storm of faults and kills loses no record', async (bench, stream) => {
    const { ids } = twoPagesAndMore(bench, stream, longAgo(bench));
    for (const seed of seeds) {
      const dice = chance(seed, 'reading');
      const landed: VendorRecord[] = [];
      let from: Checkpoint | null = null;
      for (let run = 0; run < mostRuns && !isComplete(landed, ids); run += 1) {
        brew(bench, dice);
        from = await landUntilKilled(bench, stream.object, from, dice.int(1, 3), landed);
      }
      bench.emulator.faults.clear();
      complete(landed, ids);
    }
  }),

  sinkCheck('a storm of faults leaves one record for each write', async (bench, sink) => {
    await provisioned(bench, sink);
    for (const seed of seeds) {
      const dice = chance(seed, 'writing');
      const writes = upserts(bench, sink, 7);
      let open: readonly Write[] = writes;
      for (let run = 0; run < mostRuns && open.length > 0; run += 1) {
        brew(bench, dice);
        open = await pushWhatIsOpen(bench, sink, open);
      }
      bench.emulator.faults.clear();
      assert.equal(open.length, 0, `${open.length} writes were never decided`);
      assertOneEach(bench, sink, writes, await bench.push(sink.object, writes));
    }
  }),
];

/** A new sky over every run: some are waited out by the connection, some end the run. */
function brew({ emulator: { faults } }: Bench, dice: Chance): void {
  faults.clear();
  for (let n = dice.int(1, 4); n > 0; n -= 1) {
    faults.inject({ what: dice.pick(kinds), times: dice.int(1, 3), after: dice.int(0, 4) });
  }
}

function isComplete(landed: readonly VendorRecord[], ids: readonly string[]): boolean {
  const known = new Set(landed.map(({ id }) => id));
  return ids.every((id) => known.has(id));
}

/** Lands page by page, as the hub does; returns the checkpoint of the last page that was landed. */
async function landUntilKilled(
  bench: Bench,
  object: string,
  from: Checkpoint | null,
  pages: number,
  landed: VendorRecord[],
): Promise<Checkpoint | null> {
  let checkpoint = from;
  let left = pages;
  try {
    for await (const page of bench.pull(bench.connect(), object, from)) {
      landed.push(...page.records);
      checkpoint = page.checkpoint;
      left -= 1;
      if (left === 0) break;
    }
  } catch (error) {
    assertPassing(bench, error);
  }
  return checkpoint;
}

/** Returns the writes that have to be sent again. */
async function pushWhatIsOpen(bench: Bench, sink: SinkSubject, open: readonly Write[]): Promise<Write[]> {
  try {
    const outcomes = await bench.push(sink.object, open);
    const failed = outcomes.flatMap((one) => (one.status === 'failed' ? [one] : []));
    for (const { fault } of failed) assertPassing(bench, fault);
    return open.filter(({ key }) => !outcomes.some((one) => one.key === key && one.status === 'written'));
  } catch (error) {
    assertPassing(bench, error);
    return [...open];
  }
}

/** Storms pass: nothing in them makes a record or a request wrong. */
function assertPassing(bench: Bench, error: unknown): void {
  bench.evidence.error(error);
  const passing = error instanceof Fault && (error.kind === 'unavailable' || error.kind === 'throttled');
  assert(passing, `the storm was taken for something else: ${String(error)}`);
}
