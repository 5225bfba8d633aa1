/** A fit and its resamples as a table: what each channel did, and how sure that is. */
import type { HazardFit } from '../hazard/fit.ts';
import { numbersOf } from '../hazard/parameters.ts';
import type { Interval } from '../model.ts';
import { intervalOf } from './interval.ts';
import type { Resample } from './resample.ts';

/** A number with its interval; none without resamples. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval | null;
}

export interface ChannelReport {
  readonly channel: string;
  /** Of all conversions, 0 to 1. */
  readonly share: Estimate;
  readonly conversions: number;
  /** Conversions that one touch brings in the long run. */
  readonly effect: Estimate;
  readonly halfLifeDays: Estimate;
}

export interface HazardReport {
  readonly conversions: number;
  readonly converged: boolean;
  /** By share, largest first. */
  readonly channels: readonly ChannelReport[];
  readonly baseline: {
    readonly share: Estimate;
    readonly conversions: number;
    /** Conversions per day of an average person without any touch. */
    readonly perDay: Estimate;
  };
  /** By how much one standard deviation moves the log of the baseline. */
  readonly covariates: readonly { readonly name: string; readonly slope: Estimate }[];
  /** Null where touches tell nothing of intent. */
  readonly intent: {
    readonly slope: Estimate;
    /** How strongly each channel chases it. */
    readonly pulls: readonly { readonly channel: string; readonly pull: number }[];
  } | null;
}

/** @param level of the intervals: 0.95 */
export function reportOf(
  { parameters, shares, conversions, converged }: HazardFit,
  resamples: readonly Resample[],
  level: number,
): HazardReport {
  const { channels, covariates, intent } = parameters;
  const number = estimator(
    numbersOf(parameters),
    resamples.map(({ numbers }) => numbers),
    level,
  );
  const share = estimator(
    [...shares.channels, shares.baseline],
    resamples.map((one) => one.shares),
    level,
  );
  const effects = 1 + covariates.length + (intent ? 1 : 0);
  return {
    conversions,
    converged,
    channels: channels
      .map(({ name }, index) => ({
        channel: name,
        share: share(index),
        conversions: share(index).value * conversions,
        effect: number(effects + index),
        halfLifeDays: number(effects + channels.length + index),
      }))
      .sort((one, other) => other.share.value - one.share.value),
    baseline: {
      share: share(channels.length),
      conversions: shares.baseline * conversions,
      perDay: number(0),
    },
    covariates: covariates.map(({ name }, index) => ({ name, slope: number(1 + index) })),
    intent: intent
      ? {
          slope: number(effects - 1),
          pulls: channels.map(({ name }, channel) => ({
            channel: name,
            pull: intent.pulls[intent.groups[channel] ?? 0] ?? 0,
          })),
        }
      : null,
  };
}

/** Reads one place of a row, with the interval of what the same place has in other rows. */
function estimator(
  row: readonly number[],
  others: readonly (readonly number[])[],
  level: number,
): (place: number) => Estimate {
  return (place) => ({
    value: row[place] ?? 0,
    interval:
      others.length > 0
        ? intervalOf(
            others.map((other) => other[place] ?? 0),
            level,
          )
        : null,
  });
}
