/** Single people out of observations, as histories up to their end. */
import type { Observations } from '../hazard/observations.ts';
import type { History, PastTouch } from '../hazard/rate.ts';

/** Oldest touch first. */
export function historyOf(observations: Observations, person: number): History {
  const { channels, channel, time, starts, end, covariates } = observations;
  const days = end[person] ?? 0;
  const touches: PastTouch[] = [];
  for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
    touches.push({ channel: channels[channel[touch] ?? 0] ?? '', ageDays: days - (time[touch] ?? 0) });
  const known = covariates.map(({ name, values }) => [name, values[person] ?? 0]);
  return { touches, days, covariates: Object.fromEntries(known) };
}
