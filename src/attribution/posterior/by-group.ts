/**
 * The touches of those who converted, group by group, in runs: a run is all touches of one group that one of them had.
 */
import { sorted } from './counting-sort.ts';
import type { Conversions } from './sample.ts';

/** Where the touches of a run are of several channels, of which each alone is too rare for an effect of its own. */
export const mixed = -1;

export interface ByGroup {
  /** Runs of group k are `[starts[k], starts[k + 1])`, by conversion. */
  readonly starts: Int32Array;
  /** One per run. */
  readonly conversion: Int32Array;
  /** One per run: the channel of all its touches, or `mixed`. */
  readonly channel: Int32Array;
  /** Touches of run r are `[firsts[r], firsts[r + 1])`. */
  readonly firsts: Int32Array;
  /** Runs of conversion c are `ofConversion[conversionStarts[c] … conversionStarts[c + 1])`. */
  readonly conversionStarts: Int32Array;
  readonly ofConversion: Int32Array;
  /** One per touch: its index among the conversions' touches. */
  readonly touch: Int32Array;
  readonly age: Int32Array;
  readonly rank: Int32Array;
}

export function byGroup({ starts, channel, group, age, rank }: Conversions, groups: number): ByGroup {
  const conversionOf = new Int32Array(group.length);
  for (let conversion = 0; conversion + 1 < starts.length; conversion += 1)
    conversionOf.fill(conversion, starts[conversion], starts[conversion + 1]);
  const { starts: groupStarts, order } = sorted(group, groups);
  const runs = { conversion: [] as number[], firsts: [] as number[] };
  const runStarts = new Int32Array(groups + 1);
  for (let id = 0; id < groups; id += 1) {
    let last = -1;
    for (let at = groupStarts[id] ?? 0; at < (groupStarts[id + 1] ?? 0); at += 1) {
      const conversion = conversionOf[order[at] ?? 0] ?? 0;
      if (conversion === last) continue;
      runs.conversion.push(conversion);
      runs.firsts.push(at);
      last = conversion;
    }
    runStarts[id + 1] = runs.conversion.length;
  }
  const firsts = Int32Array.from([...runs.firsts, group.length]);
  const byConversion = sorted(runs.conversion, starts.length - 1);
  return {
    starts: runStarts,
    conversion: Int32Array.from(runs.conversion),
    channel: Int32Array.from(runs.conversion, (_, run) =>
      onlyOne(order.subarray(firsts[run], firsts[run + 1]), channel),
    ),
    firsts,
    conversionStarts: byConversion.starts,
    ofConversion: byConversion.order,
    touch: order,
    age: order.map((touch) => age[touch] ?? 0),
    rank: order.map((touch) => rank[touch] ?? 1),
  };
}

function onlyOne(touches: Int32Array, channel: Int32Array): number {
  const first = channel[touches[0] ?? 0] ?? mixed;
  return touches.every((touch) => channel[touch] === first) ? first : mixed;
}
