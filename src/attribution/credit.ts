/** What every model of journeys gives: each channel's part of the conversions and of their value. */
import type { Channels } from './journeys/channels.ts';

export interface ChannelCredit {
  readonly channel: string;
  /** ≥ 0; over all channels they sum to the conversions. */
  readonly conversions: number;
  /** ≥ 0; over all channels they sum to the value of the conversions. */
  readonly value: number;
  /** Markov: the share of the conversions, and of their value, that would be lost without the channel; 0 to 1. */
  readonly removalEffect?: number;
  readonly removalEffectOnValue?: number;
  /** Standard error of `conversions`, where they were sampled; 0 where not. */
  readonly error?: number;
  /** Ordered Shapley: the conversions by position, first touch first. */
  readonly positions?: readonly number[];
}

/** Credits in the order of the channels' names, so that the same journeys give the same bytes. */
export function creditOf(
  channels: Channels,
  conversions: (channel: number) => number,
  value: (channel: number) => number,
): ChannelCredit[] {
  return channels
    .sorted()
    .map((id) => ({ channel: channels.names[id] ?? '', conversions: conversions(id), value: value(id) }));
}
