import { type Observations, touchCounts } from '../../attribution/hazard/observations.ts';

/** How the touches are spread over channels, as parts of all. */
export function mixOf(observations: Observations): Record<string, number> {
  const counts = touchCounts(observations);
  const all = Math.max(1, observations.channel.length);
  return Object.fromEntries(
    observations.channels.map((name, channel) => [name, (counts[channel] ?? 0) / all]),
  );
}
