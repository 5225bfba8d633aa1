/**
 * Observations made ready for the chains. Single touches matter only where somebody converted; everybody else's enter
 * through how much of their effect had time to show, counted by channel and age. So a sweep costs as much as the
 * conversions, not as the people.
 */
import type { Observations } from '../hazard/observations.ts';
import { ageClass, type KernelTables } from './ages.ts';
import { type Company, companyOf } from './company.ts';
import { exposureOf } from './exposure.ts';

export interface Sample {
  readonly channels: number;
  /** Channels with an effect of their own, and the rare ones that share one: see `groups.ts`. */
  readonly groups: number;
  readonly touches: number;
  /** By group: how loud it is beside the average group, see `loudnessOf`. */
  readonly loudness: Float64Array;
  readonly conversions: Conversions;
  /** By group, tiring and kernel: touches that had time to work, as if each had its full effect. */
  readonly exposure: Float64Array;
  readonly company: Company;
}

export interface Conversions {
  /** One per conversion. */
  readonly person: Int32Array;
  /** Touches of conversion c are `[starts[c], starts[c + 1])`. */
  readonly starts: Int32Array;
  readonly channel: Int32Array;
  readonly group: Int32Array;
  /** Of the touch's age at the conversion. */
  readonly age: Int32Array;
  /** 1 for the person's first touch of the channel, 2 for the second … */
  readonly rank: Int32Array;
}

export function longestWatch({ end }: Observations): number {
  return end.reduce((most, days) => Math.max(most, days), 0);
}

/** @param groups of each channel */
export function sampleOf(observations: Observations, groups: Int32Array, tables: KernelTables): Sample {
  const longest = longestWatch(observations);
  const ranks = ranksOf(observations);
  const count = groups.reduce((most, one) => Math.max(most, one + 1), 0);
  const grouping = { groups, count, ranks };
  const conversions = conversionsOf(observations, groups, ranks, longest);
  return {
    channels: observations.channels.length,
    groups: count,
    touches: observations.time.length,
    loudness: loudnessOf(observations, groups, count),
    conversions,
    exposure: exposureOf(observations, grouping, tables, longest),
    company: companyOf(observations, grouping, conversions.person, longest),
  };
}

/** 0: touches of all channels are thought to do the same; 1: all channels are thought to bring the same. */
const quieting = 0.5;

/**
 * What reaches many is cheap and does little each time; a visit or a chat is rare and does much. So the effect of a
 * group is thought to be the average one divided by this.
 */
function loudnessOf({ channel }: Observations, groups: Int32Array, count: number): Float64Array {
  const touches = new Float64Array(count);
  for (const id of channel) touches[groups[id] ?? 0] = (touches[groups[id] ?? 0] ?? 0) + 1;
  const mean = channel.length / Math.max(count, 1);
  return touches.map((own) => (Math.max(own, 1) / Math.max(mean, 1)) ** quieting);
}

/** Of each touch, among the person's touches of its channel. */
function ranksOf({ channels, end, starts, channel }: Observations): Int32Array {
  const ranks = new Int32Array(channel.length);
  const counts = new Int32Array(channels.length);
  for (let person = 0; person < end.length; person += 1) {
    const [from = 0, to = 0] = [starts[person], starts[person + 1]];
    for (let touch = from; touch < to; touch += 1) {
      const id = channel[touch] ?? 0;
      counts[id] = (counts[id] ?? 0) + 1;
      ranks[touch] = counts[id] ?? 1;
    }
    for (let touch = from; touch < to; touch += 1) counts[channel[touch] ?? 0] = 0;
  }
  return ranks;
}

function conversionsOf(
  { converted, starts, channel, time, end }: Observations,
  groups: Int32Array,
  ranks: Int32Array,
  longest: number,
): Conversions {
  const person = Int32Array.from(converted.keys().filter((one) => converted[one] === 1));
  const firsts = new Int32Array(person.length + 1);
  person.forEach((one, conversion) => {
    firsts[conversion + 1] = (firsts[conversion] ?? 0) + (starts[one + 1] ?? 0) - (starts[one] ?? 0);
  });
  const size = firsts.at(-1) ?? 0;
  const own = {
    channel: new Int32Array(size),
    group: new Int32Array(size),
    age: new Int32Array(size),
    rank: new Int32Array(size),
  };
  person.forEach((one, conversion) => {
    const from = starts[one] ?? 0;
    const to = firsts[conversion] ?? 0;
    for (let touch = from; touch < (starts[one + 1] ?? 0); touch += 1) {
      own.channel[to + touch - from] = channel[touch] ?? 0;
      own.group[to + touch - from] = groups[channel[touch] ?? 0] ?? 0;
      own.age[to + touch - from] = ageClass((end[one] ?? 0) - (time[touch] ?? 0), longest);
      own.rank[to + touch - from] = ranks[touch] ?? 1;
    }
  });
  return { person, starts: firsts, ...own };
}
