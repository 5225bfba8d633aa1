/** Journeys added to and taken out of the counts of a chain of order 1, one by one, and its credit solved anew. */
import { Channels } from '../src/attribution/journeys/channels.ts';
import { chainOf } from '../src/attribution/markov/chain.ts';
import { TransitionCounts } from '../src/attribution/markov/counts.ts';
import { markovCredit } from '../src/attribution/markov/credit.ts';
import { anyChannel, chance, mostTouches } from './attribution-journeys.ts';
import { report } from './measure.ts';

export interface IncrementalRun {
  readonly journeys: number;
  readonly channels: number;
  /** Journeys per second of CPU, by what was done with them. */
  readonly perSecond: Readonly<Record<string, number>>;
  /** The same of a walk that only adds up the touches. */
  readonly bare: number;
  /** Seconds of CPU for one journey more and all credit after it. */
  readonly solve: number;
}

const size = 5_000_000;
const channelCount = 50;
const solves = 500;

const next = chance(1);
const starts = new Int32Array(size + 1);
for (let journey = 0; journey < size; journey += 1)
  starts[journey + 1] = (starts[journey] ?? 0) + 1 + Math.floor(next() * mostTouches);
const touches = Int32Array.from({ length: starts[size] ?? 0 }, () => anyChannel(next, channelCount));
const converted = Uint8Array.from({ length: size }, () => (next() < 0.1 ? 1 : 0));

const channels = new Channels();
for (let channel = 0; channel < channelCount; channel += 1) channels.id(`c${channel}`);
const counts = new TransitionCounts(channels, 1);
const own = new Int32Array(mostTouches);

/** CPU seconds of this process. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function copied(journey: number): number {
  const start = starts[journey] ?? 0;
  const length = (starts[journey + 1] ?? 0) - start;
  for (let at = 0; at < length; at += 1) own[at] = touches[start + at] ?? 0;
  return length;
}

/** Hands journeys over, once (`times` 1) or out again (-1). */
function feed(from: number, to: number, times: 1 | -1): void {
  for (let journey = from; journey < to; journey += 1) {
    const did = converted[journey] ?? 0;
    counts.add(own, copied(journey), {
      conversions: times * did,
      nulls: times * (1 - did),
      units: 0,
      nanos: 0,
    });
  }
}

let seen = 0;
const bare = cpuOf(() => {
  for (let journey = 0; journey < size; journey += 1) {
    const length = copied(journey);
    for (let at = 0; at < length; at += 1) seen += own[at] ?? 0;
  }
});
const adding = cpuOf(() => feed(0, size, 1));
const removing = cpuOf(() => feed(0, size / 2, -1));
const solving = cpuOf(() => {
  for (let solve = 0; solve < solves; solve += 1) {
    feed(solve, solve + 1, 1);
    seen += markovCredit(chainOf(counts)).length;
  }
});
if (!(seen > 0)) throw new Error('nothing was read');
const run: IncrementalRun = {
  journeys: size,
  channels: channelCount,
  perSecond: { added: size / adding, 'taken out': size / 2 / removing },
  bare: size / bare,
  solve: solving / solves,
};
report(run);
