/** What a fit says of one person at one time: the rate of conversion, and what it is made of. */
import { entry, scoreOf } from './intent/model.ts';
import type { HazardParameters, TouchEffect } from './parameters.ts';
import { scaledIn } from './standardized.ts';

/** One person's history up to a time. */
export interface History {
  readonly touches: readonly PastTouch[];
  /** How long the person was watched up to then. */
  readonly days: number;
  /** By name; one that is not known counts as the mean. */
  readonly covariates?: Readonly<Record<string, number>> | undefined;
}

export interface PastTouch {
  readonly channel: string;
  readonly ageDays: number;
}

export interface Parts {
  readonly baseline: number;
  /** By touch. */
  readonly touches: readonly number[];
  /** Baseline and touches together. */
  readonly whole: number;
}

/** Parameters made ready for many histories. */
export interface Hazard {
  /** The effect of a channel; of one that the fit has not seen, that of the average channel, without a name. */
  effect(channel: string): TouchEffect & { readonly name?: string };
  /** Conversions per day that come anyway. */
  baseline(history: History): number;
  /** Conversions per day at the end of the history. */
  rate(history: History): Parts;
  /** Conversions that were to be expected in all the time of the history. */
  expected(history: History): Parts;
}

/** @param parameters of a fit; a channel that it has not seen does what the average one does, and chases nothing */
export function hazardOf(parameters: HazardParameters): Hazard {
  const { channels, unseen, intent } = parameters;
  const effects = new Map(channels.map((channel) => [channel.name, channel]));
  const pulls = new Map(
    channels.map(({ name }, channel) => [name, intent?.pulls[intent.groups[channel] ?? 0] ?? 0]),
  );
  const effect: Hazard['effect'] = (channel) => effects.get(channel) ?? unseen;
  const baseline = (history: History) => baselineOf(parameters, pulls, history);
  return {
    effect,
    baseline,
    rate: (history) =>
      partsOf(baseline(history), history, ({ channel, ageDays }) => {
        const { effect: conversions, halfLifeDays } = effect(channel);
        return ((conversions * Math.LN2) / halfLifeDays) * 2 ** (-ageDays / halfLifeDays);
      }),
    expected: (history) =>
      partsOf(baseline(history) * history.days, history, ({ channel, ageDays }) => {
        const { effect: conversions, halfLifeDays } = effect(channel);
        return conversions * (1 - 2 ** (-ageDays / halfLifeDays));
      }),
  };
}

function partsOf(baseline: number, { touches }: History, of: (touch: PastTouch) => number): Parts {
  const parts = touches.map(of);
  return { baseline, touches: parts, whole: parts.reduce((sum, part) => sum + part, baseline) };
}

function baselineOf(
  { baseline, covariates, intent }: HazardParameters,
  pulls: ReadonlyMap<string, number>,
  history: History,
): number {
  const values = covariates.map((scale) => scaledIn(history.covariates, scale));
  const lean = covariates.reduce((sum, { slope }, index) => sum + slope * (values[index] ?? 0), 0);
  if (!intent) return baseline * Math.exp(lean);
  const pulled = history.touches.reduce(
    (sum, { channel, ageDays }) => sum + (history.days - ageDays >= entry ? (pulls.get(channel) ?? 0) : 0),
    0,
  );
  const expected = intent.leans.reduce((sum, one, index) => sum + one * (values[index] ?? 0), 0);
  const { mean, variance } = scoreOf(intent, { pulled, days: history.days, expected });
  return baseline * Math.exp(lean + intent.slope * mean + (intent.slope ** 2 * variance) / 2);
}
