/** What a touch's channel would have if the touch had not been: the same model on the journey without it. */
import type { Journey, Model, Split } from './model.ts';

export interface Without {
  readonly channel: string;
  /** Of the channel's touches together, with this touch and without it. */
  readonly share: number;
  readonly instead: number;
}

export function withoutTouch(model: Model, journey: Journey, split: Split, index: number): Without | null {
  const touch = journey.touches[index];
  if (!touch) return null;
  const touches = journey.touches.toSpliced(index, 1);
  const first = touches[0]?.time;
  const { firstTouch: _, ...others } = journey.milestones;
  const milestones = first === undefined ? others : { ...others, firstTouch: first };
  const rest = model.split({ ...journey, touches, milestones });
  return {
    channel: touch.channel,
    share: sumOf(touch.channel, journey.touches, split.shares),
    instead: sumOf(touch.channel, touches, rest.shares),
  };
}

function sumOf(channel: string, touches: Journey['touches'], shares: readonly number[]): number {
  return shares.reduce((sum, share, index) => sum + (touches[index]?.channel === channel ? share : 0), 0);
}
