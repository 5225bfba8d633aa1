/**
 * The posterior of the additive hazard: what `fitPosterior` gives and `openPosterior` applies. Plain JSON.
 *
 *   λ(t) = μ exp(γ·x + b v) + Σ over earlier touches i of β nᵢ^(−τ) f(t − tᵢ)
 *
 * f is the kernel of the touch's channel, a density over ages; nᵢ is 1 for the person's first touch of that channel,
 * 2 for the second …; covariates x and intent v move the baseline. Nobody knows μ, γ, b, β, τ and f: a fit is a few
 * hundred draws of them, as probable as the data make them.
 */
import type { IntentModel } from '../hazard/intent/model.ts';
import type { Scale } from '../hazard/standardized.ts';
import type { Interval } from '../model.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Helps } from './helping.ts';
import type { ShapeName } from './kernels.ts';

export interface PosteriorFit {
  readonly conversions: number;
  readonly people: number;
  readonly touches: number;
  readonly channels: readonly ChannelPosterior[];
  readonly baseline: { readonly share: Estimated; readonly perDay: Estimated };
  readonly covariates: readonly CovariatePosterior[];
  /** Null where intent was not looked for, or there were no touches. */
  readonly intent: IntentPosterior | null;
  /** Channels that were left out, as the deal brings their touches about. */
  readonly causedByDeal: readonly string[];
  /** Days: no touch counts as younger than this. */
  readonly leastAge: number;
  /** See `rowOf`. */
  readonly draws: readonly (readonly number[])[];
  /** Absent in fits of before. */
  readonly company?: CompanyPosterior | undefined;
  readonly diagnostics: Diagnostics;
  /** 0: the shares are as unsure as before the data; 1: they are known. */
  readonly informative: number;
}

/** Mean of the posterior, with its middle 95 %. */
export interface Estimated extends Interval {
  readonly mean: number;
}

export interface ChannelPosterior {
  readonly name: string;
  readonly touches: number;
  /** Of the conversions of the data, 0 to 1: the part that it brought. */
  readonly share: Estimated;
  /** Conversions that a person's first touch of it brings in the long run. */
  readonly effect: Estimated;
  /** By then half of the effect has come. */
  readonly halfLifeDays: Estimated;
  /** Chance of each shape of kernel. */
  readonly shapes: Readonly<Partial<Record<ShapeName, number>>>;
  /** τ: 0 where the tenth touch does as much as the first. */
  readonly tiring: Estimated;
}

export interface CovariatePosterior extends Scale {
  /** γ: by how much one standard deviation moves the log of the baseline. */
  readonly slope: Estimated;
}

export interface IntentPosterior extends IntentModel {
  readonly slope: Estimated;
}

/** Channels that help each other. */
export interface CompanyPosterior {
  /** The groups that were looked at: see `groups.ts`. */
  readonly members: readonly number[];
  /** By draw: see `Helps`. */
  readonly helps: readonly Helps[];
}

/** One draw. */
export interface Draw {
  readonly baseline: number;
  /** By covariate, then of intent where the fit has it. */
  readonly slopes: readonly number[];
  /** By group, see `groups.ts`; the last is a channel that the fit has not seen. */
  readonly channels: readonly ChannelDraw[];
}

export interface ChannelDraw {
  readonly effect: number;
  readonly halfLifeDays: number;
  /** Index into `shapes`. */
  readonly shape: number;
  readonly tiring: number;
}

/** A draw as one row of numbers: μ, slopes, and four for each channel. */
export function rowOf({ baseline, slopes, channels }: Draw): number[] {
  return [
    baseline,
    ...slopes,
    ...channels.flatMap(({ effect, halfLifeDays, shape, tiring }) => [effect, halfLifeDays, shape, tiring]),
  ];
}

export function drawOf(row: readonly number[], slopes: number): Draw {
  const at = (index: number) => row[index] ?? 0;
  return {
    baseline: at(0),
    slopes: row.slice(1, 1 + slopes),
    channels: Array.from({ length: (row.length - 1 - slopes) / 4 }, (_, channel) => {
      const from = 1 + slopes + 4 * channel;
      return { effect: at(from), halfLifeDays: at(from + 1), shape: at(from + 2), tiring: at(from + 3) };
    }),
  };
}
