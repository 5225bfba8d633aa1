/** What of a split is written onto a deal. */
import type { Split } from '../attribution/model.ts';

/** `with`: what would have happened anyway keeps its share, as nobody's; `without`: the touches share it out. */
export type BaselineRule = 'with' | 'without';

export function writtenSplit(split: Split, rule: BaselineRule): Split {
  const touches = split.shares.reduce((sum, share) => sum + share, 0);
  if (rule === 'with' || split.baseline === 0 || !(touches > 0)) return split;
  return { ...split, shares: split.shares.map((share) => share / touches), baseline: 0 };
}
