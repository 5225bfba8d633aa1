/**
 * For journeys that end with their conversion: every touch is a step at which the journey may convert. The chance is
 * a part for the channel of the touch and a part for each channel met before, all ≥ 0; those who went on count as
 * much as those who converted, so that nobody is compared by how long they were watched. The parts of such a sum are
 * its Shapley value. It is fitted by expectation–maximization, by which each conversion is handed out exactly.
 */
import { addTo, byPlaces, distinct, journeysOf, nothing, type PathRow, type Tally, worthOf } from './rows.ts';

export interface Parts {
  /** By channel, in the order of the names. They sum to all conversions. */
  readonly conversions: Float64Array;
  /** They sum to all value. */
  readonly value: Float64Array;
}

/** Conversions at a touch of one channel after touches of others. */
interface Ended extends Tally {
  readonly channel: number;
  readonly before: readonly number[];
}

/** By channel: the chance that its own touch converts, and what it adds to each later one. */
interface Chances {
  readonly now: Float64Array<ArrayBuffer>;
  readonly later: Float64Array<ArrayBuffer>;
}

const mostRounds = 500;
const tolerance = 1e-10;

export function creditBySteps(rows: Iterable<PathRow>, channels: number): Parts {
  const ended = endings(rows);
  const steps = stepsOf(rows, channels);
  let chances: Chances = {
    now: new Float64Array(channels).fill(0.01),
    later: new Float64Array(channels).fill(0.001),
  };
  for (let round = 0; round < mostRounds; round += 1) {
    const next = improved(ended, steps, chances);
    const moved = Math.max(distance(chances.now, next.now), distance(chances.later, next.later));
    chances = next;
    if (moved < tolerance) break;
  }
  const conversions = new Float64Array(channels);
  const value = new Float64Array(channels);
  for (const one of ended)
    handOut(one, chances, (channel, part) => {
      conversions[channel] = (conversions[channel] ?? 0) + one.conversions * part;
      value[channel] = (value[channel] ?? 0) + worthOf(one) * part;
    });
  return { conversions, value };
}

function endings(rows: Iterable<PathRow>): Ended[] {
  const all = new Map<string, Ended>();
  for (const row of rows) {
    if (row.conversions === 0) continue;
    const channel = row.path.at(-1) ?? 0;
    const before = distinct(row.path.slice(0, -1));
    const key = `${channel} ${before.join()}`;
    const one = all.get(key) ?? { channel, before, ...nothing };
    addTo(one, row);
    all.set(key, one);
  }
  return [...all.values()].sort((a, b) => a.channel - b.channel || byPlaces(a.before, b.before));
}

/** How many steps there were at each channel's own touches, and how many after its first one. */
function stepsOf(rows: Iterable<PathRow>, channels: number): Chances {
  const now = new Float64Array(channels);
  const later = new Float64Array(channels);
  for (const row of rows) {
    const journeys = journeysOf(row);
    const met = new Set<number>();
    row.path.forEach((channel, at) => {
      now[channel] = (now[channel] ?? 0) + journeys;
      if (met.has(channel)) return;
      met.add(channel);
      later[channel] = (later[channel] ?? 0) + journeys * (row.path.length - 1 - at);
    });
  }
  return { now, later };
}

function improved(ended: readonly Ended[], steps: Chances, chances: Chances): Chances {
  const now = new Float64Array(chances.now.length);
  const later = new Float64Array(chances.later.length);
  for (const one of ended)
    handOut(one, chances, (channel, part, own) => {
      const sums = own ? now : later;
      sums[channel] = (sums[channel] ?? 0) + one.conversions * part;
    });
  const perStep = (sum: number, count: number | undefined) => (count ? sum / count : 0);
  return {
    now: now.map((sum, channel) => perStep(sum, steps.now[channel])),
    later: later.map((sum, channel) => perStep(sum, steps.later[channel])),
  };
}

function handOut(
  { channel, before }: Ended,
  { now, later }: Chances,
  give: (channel: number, part: number, own: boolean) => void,
): void {
  let all = now[channel] ?? 0;
  for (const earlier of before) all += later[earlier] ?? 0;
  give(channel, all > 0 ? (now[channel] ?? 0) / all : 1, true);
  if (all > 0) for (const earlier of before) give(earlier, (later[earlier] ?? 0) / all, false);
}

function distance(one: Float64Array, other: Float64Array): number {
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? 0))), 0);
}
