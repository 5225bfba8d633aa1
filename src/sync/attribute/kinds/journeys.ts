/** Journeys without times, for models that look at the order of touches alone. */
import type { Observations } from '../../../attribution/hazard/observations.ts';

export interface FittedJourney {
  readonly touches: Int32Array;
  readonly converted: boolean;
}

/**
 * Touches in each deal's window, and of people without a deal those in as many days before their end; prospects without
 * any are no journeys.
 */
export function journeysOf(
  { starts, channel, time, end, converted, isDeal }: Observations,
  lookbackDays: number,
): FittedJourney[] {
  const journeys: FittedJourney[] = [];
  for (let prospect = 0; prospect < end.length; prospect += 1) {
    const to = starts[prospect + 1] ?? 0;
    let from = starts[prospect] ?? 0;
    const since = isDeal?.[prospect] === 1 ? Number.NEGATIVE_INFINITY : (end[prospect] ?? 0) - lookbackDays;
    while (from < to && (time[from] ?? 0) <= since) from += 1;
    if (from < to) journeys.push({ touches: channel.slice(from, to), converted: converted[prospect] === 1 });
  }
  return journeys;
}
