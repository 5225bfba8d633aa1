/** What a fit says of one person at one time: the rate of conversion, and what it is made of. */
import { scoreOf } from './intent/model.ts';
import type { ChannelEffect, HazardParameters } from './parameters.ts';
import { scaled } from './standardized.ts';

/** One person's history up to a time. */
export interface History {
  readonly touches: readonly { readonly channel: string; readonly ageDays: number }[];
  /** How long the person was watched up to then. */
  readonly days: number;
  /** By name; one that is not known counts as the mean. */
  readonly covariates?: Readonly<Record<string, number>> | undefined;
}

export interface Rate {
  /** Conversions per day that would come anyway. */
  readonly baseline: number;
  /** By touch: what it adds to the conversions per day. */
  readonly touches: readonly number[];
  /** Baseline and touches together. */
  readonly whole: number;
}

/** The rate at the end of the history. */
export function rateOf(parameters: HazardParameters, history: History): Rate {
  const effects = effectsOf(parameters);
  const baseline = baselineOf(parameters, history);
  const touches = history.touches.map(({ channel, ageDays }) => {
    const { effect, halfLifeDays } = effects(channel);
    return ((effect * Math.LN2) / halfLifeDays) * 2 ** (-ageDays / halfLifeDays);
  });
  return { baseline, touches, whole: touches.reduce((sum, one) => sum + one, baseline) };
}

/** Conversions that were to be expected in all the time of the history, by the same parts. */
export function expectedOf(parameters: HazardParameters, history: History): Rate {
  const effects = effectsOf(parameters);
  const baseline = baselineOf(parameters, history) * history.days;
  const touches = history.touches.map(({ channel, ageDays }) => {
    const { effect, halfLifeDays } = effects(channel);
    return effect * (1 - 2 ** (-ageDays / halfLifeDays));
  });
  return { baseline, touches, whole: touches.reduce((sum, one) => sum + one, baseline) };
}

/** The effect of a channel; of one that the fit has not seen, that of the average channel. */
function effectsOf({ channels, unseen }: HazardParameters): (channel: string) => Omit<ChannelEffect, 'name'> {
  const known = new Map(channels.map((channel) => [channel.name, channel]));
  return (channel) => known.get(channel) ?? unseen;
}

function baselineOf(parameters: HazardParameters, history: History): number {
  const { baseline, covariates, intent } = parameters;
  const values = covariates.map((scale) => scaled(history.covariates?.[scale.name] ?? scale.mean, scale));
  const lean = covariates.reduce((sum, { slope }, index) => sum + slope * (values[index] ?? 0), 0);
  if (!intent) return baseline * Math.exp(lean);
  const group = new Map(parameters.channels.map(({ name }, channel) => [name, intent.groups[channel] ?? 0]));
  const pulled = history.touches.reduce(
    (sum, { channel }) => sum + pullOf(intent.pulls, group.get(channel)),
    0,
  );
  const expected = intent.leans.reduce((sum, one, index) => sum + one * (values[index] ?? 0), 0);
  const { mean, variance } = scoreOf(intent, { pulled, days: history.days, expected });
  return baseline * Math.exp(lean + intent.slope * mean + (intent.slope ** 2 * variance) / 2);
}

/** Of a channel that the fit has not seen nothing is known. */
function pullOf(pulls: readonly number[], group: number | undefined): number {
  return group === undefined ? 0 : (pulls[group] ?? 0);
}
