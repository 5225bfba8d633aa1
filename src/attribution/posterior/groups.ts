/**
 * Channels with an effect of their own: the busiest. All others share one, as each alone has too few touches to tell,
 * and more effects than conversions cannot be learnt. Credit still goes to each by its own touches.
 */

const most = 60;
const least = 12;

/** How many effects there are for so many channels. */
export function groupCount(channels: number, conversions: number): number {
  return Math.min(channels, Math.max(least, Math.min(most, 2 * conversions)));
}

/**
 * The group of each channel.
 *
 * @param touches of each channel
 */
export function groupsOf(touches: ArrayLike<number>, groups: number): Int32Array {
  const channels = Array.from({ length: touches.length }, (_, channel) => channel);
  if (channels.length <= groups) return Int32Array.from(channels);
  const busiest = channels.sort((one, other) => (touches[other] ?? 0) - (touches[one] ?? 0) || one - other);
  const own = new Int32Array(channels.length);
  busiest.forEach((channel, place) => {
    own[channel] = Math.min(place, groups - 1);
  });
  return own;
}
