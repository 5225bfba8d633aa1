/**
 * What a touch's channel would have if the touch had not been. A model that knows what the touch added takes just
 * that away; a rule is applied to the journey without it.
 */
import type { Journey, Model, Split } from './model.ts';

export interface Without {
  readonly channel: string;
  /** Of the channel's touches together, 0 to 1: with this touch, and without it. */
  readonly share: number;
  readonly instead: number;
}

/** @returns null where the journey has no such touch */
export function withoutTouch(model: Model, journey: Journey, split: Split, index: number): Without | null {
  const { touches } = journey;
  const touch = touches[index];
  if (!touch) return null;
  const { channel } = touch;
  return {
    channel,
    share: sumOf(channel, touches, split.shares),
    instead: split.without
      ? sumOf(channel, touches, split.without(index))
      : splitAnew(model, journey, index, channel),
  };
}

function splitAnew(model: Model, journey: Journey, index: number, channel: string): number {
  const touches = journey.touches.toSpliced(index, 1);
  const first = touches[0]?.time;
  const { firstTouch: _, ...others } = journey.milestones;
  const milestones = first === undefined ? others : { ...others, firstTouch: first };
  return sumOf(channel, touches, model.split({ ...journey, touches, milestones }).shares);
}

function sumOf(channel: string, touches: Journey['touches'], shares: readonly number[]): number {
  return shares.reduce((sum, share, index) => sum + (touches[index]?.channel === channel ? share : 0), 0);
}
