/**
 * The Shapley value applied to one deal. When a coalition of channels is worth the conversions that need no other
 * channel (Zhao, Mahboobi, Bagheri 2018), a conversion is shared equally by its distinct channels: that needs no
 * data but the deal's own, so over all deals it adds up to what `ShapleyCounts` gives, to the last conversion.
 */
import type { Journey, Model } from '../model.ts';

export const shapleyModel: Model = {
  id: 'shapley',
  title: 'Shapley value',
  definition: 'Every channel of the journey gets the same, and its touches share that.',
  version: 'rule',
  split: ({ touches }) => {
    const counts = countsByChannel(touches);
    const shares = touches.map(({ channel }) => 1 / counts.size / (counts.get(channel) ?? 1));
    return { shares, baseline: 0, reason: (index) => reason(touches[index]?.channel ?? '', counts) };
  },
};

function countsByChannel(touches: Journey['touches']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { channel } of touches) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  return counts;
}

function reason(channel: string, counts: ReadonlyMap<string, number>): string {
  const channels = counts.size === 1 ? 'the only channel' : `one of ${counts.size} channels`;
  const own = counts.get(channel) ?? 1;
  return `${channel} was ${channels}${own === 1 ? '' : `, with ${own} touches`}: each channel gets the same.`;
}
