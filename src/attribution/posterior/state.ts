/** Where a chain is, and all that stays the same while it walks. */
import type { Column } from '../hazard/sample.ts';
import type { KernelTables } from './ages.ts';
import type { Crowd } from './crowd.ts';
import type { KernelGrid } from './kernels.ts';
import type { PosteriorOptions } from './options.ts';
import type { Sample } from './sample.ts';
import { tirings } from './tirings.ts';

/** What chains walk on. */
export interface Ground {
  readonly sample: Sample;
  readonly grid: KernelGrid;
  readonly tables: KernelTables;
  readonly crowd: Crowd;
  /** One cell per conversion: covariates, then intent. */
  readonly columns: readonly Column[];
  /** Of the slopes of these columns: mean and standard deviation of the prior, and the most that one may be. */
  readonly centres: readonly number[];
  readonly spreads: readonly number[];
  readonly limits: readonly number[];
  /** Days of the longest watch. */
  readonly longest: number;
  readonly options: PosteriorOptions;
}

export interface State {
  /** μ: conversions per day, covariates at their means. */
  baseline: number;
  readonly slopes: Float64Array;
  /** What follows from the slopes, kept as it costs much: a factor for each conversion, and the days of the crowd. */
  readonly leans: Float64Array;
  leanDays: number;
  /** By channel: conversions that one touch brings in the long run. */
  readonly effects: Float64Array;
  /** By channel: index into the grid. */
  readonly kernels: Int32Array;
  /** By channel: index into `tirings`. */
  readonly tirings: Int32Array;
  /** What channels have in common: see `pooling.ts`. */
  readonly pool: Pool;
}

export interface Pool {
  /** Effects are gamma with this shape and rate. */
  shape: number;
  rate: number;
  /** Log half-lives are normal. */
  mean: number;
  spread: number;
  /** Chances of the grid's shapes of kernels, and of the tirings. */
  readonly shapes: Float64Array;
  readonly tirings: Float64Array;
}

/** Index of a channel's exposure at a kernel and tiring. */
export function exposureAt({ grid }: Ground, channel: number, tiring: number, kernel: number): number {
  return (channel * tirings.length + tiring) * grid.shape.length + kernel;
}

/** Of the gamma distribution that the effect of a group is thought to come from. */
export function rateOf({ sample }: Ground, pool: Pool, group: number): number {
  return pool.rate * (sample.loudness[group] ?? 1);
}
