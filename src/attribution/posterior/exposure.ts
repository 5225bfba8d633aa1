/** How much of the effects of all touches had time to show, for every kernel that a channel may have. */
import type { Observations } from '../hazard/observations.ts';
import { ageClass, ageClasses, type KernelTables } from './ages.ts';
import { sorted } from './counting-sort.ts';
import { tirings } from './tirings.ts';

export interface Grouping {
  /** Of each channel. */
  readonly groups: Int32Array;
  readonly count: number;
  /** Of each touch, among the person's touches of its channel. */
  readonly ranks: Int32Array;
}

/**
 * By group, tiring and kernel: touches, each as much as its rank lets it count and its time let it show.
 */
export function exposureOf(
  observations: Observations,
  grouping: Grouping,
  tables: KernelTables,
  longest: number,
): Float64Array {
  const { groups, count: size, ranks } = grouping;
  const kernels = tables.cumulative.length / ageClasses;
  const exposure = new Float64Array(size * tirings.length * kernels);
  const ages = agesOf(observations, longest);
  const { starts, order } = sorted(
    observations.channel.map((id) => groups[id] ?? 0),
    size,
  );
  const counts = new Float64Array(tirings.length * ageClasses);
  for (let id = 0; id < size; id += 1) {
    for (let at = starts[id] ?? 0; at < (starts[id + 1] ?? 0); at += 1)
      count(counts, ages[order[at] ?? 0] ?? 0, ranks[order[at] ?? 0] ?? 1);
    for (let tiring = 0; tiring < tirings.length; tiring += 1) {
      const row = (id * tirings.length + tiring) * kernels;
      show(
        counts.subarray(tiring * ageClasses, (tiring + 1) * ageClasses),
        tables,
        exposure.subarray(row, row + kernels),
      );
    }
    counts.fill(0);
  }
  return exposure;
}

function agesOf({ end, starts, channel, time }: Observations, longest: number): Int32Array {
  const ages = new Int32Array(channel.length);
  for (let person = 0; person < end.length; person += 1)
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
      ages[touch] = ageClass((end[person] ?? 0) - (time[touch] ?? 0), longest);
  return ages;
}

function count(counts: Float64Array, age: number, rank: number): void {
  for (let tiring = 0; tiring < tirings.length; tiring += 1) {
    const at = tiring * ageClasses + age;
    counts[at] = (counts[at] ?? 0) + rank ** -(tirings[tiring] ?? 0);
  }
}

function show(counts: Float64Array, { cumulative }: KernelTables, into: Float64Array): void {
  for (let age = 0; age < ageClasses; age += 1) {
    const own = counts[age] ?? 0;
    if (own === 0) continue;
    for (let kernel = 0; kernel < into.length; kernel += 1)
      into[kernel] = (into[kernel] ?? 0) + own * (cumulative[kernel * ageClasses + age] ?? 0);
  }
}
