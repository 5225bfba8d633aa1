/** How the conversions are shared out. */
import type { Expected } from './expectation.ts';

/** Parts of all conversions; with the baseline they sum to 1, or to 0 where there is no conversion. */
export interface Shares {
  /** By index of the channel. */
  readonly channels: readonly number[];
  readonly baseline: number;
}

export function sharesOf({ baseline, credits }: Pick<Expected, 'baseline' | 'credits'>): Shares {
  const all = credits.reduce((sum, credit) => sum + credit, baseline);
  const share = (credit: number) => (all > 0 ? credit / all : 0);
  return { channels: Array.from(credits, share), baseline: share(baseline) };
}
