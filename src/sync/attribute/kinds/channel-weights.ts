/** A model that knows one weight for each channel: channels of a journey count by it, their touches share it. */
import type { Journey, Model, Split, Touch } from '../../../attribution/model.ts';
import { intervalOf } from '../../../attribution/uncertainty/interval.ts';

export interface ChannelWeights {
  /** ≥ 0. */
  readonly shares: readonly { readonly channel: string; readonly share: number }[];
  /** The same of resamples of the data, in the same order of channels. */
  readonly resamples: readonly (readonly number[])[];
  readonly counts: { readonly conversions: number };
}

const usualLevel = 0.95;

export function channelWeightModel(
  named: Pick<Model, 'id' | 'title' | 'definition' | 'version'>,
  { shares, resamples, counts }: ChannelWeights,
): Model {
  const ids = new Map(shares.map(({ channel }, index) => [channel, index]));
  const weights = shares.map(({ share }) => share);
  const split = (journey: Journey, row: readonly number[]) => sharesBy(journey.touches, weighing(ids, row));
  return {
    ...named,
    split: (journey) => told(journey.touches, split(journey, weights)),
    evidence: {
      conversions: counts.conversions,
      interval: (journey, touches, _of, level = usualLevel) =>
        intervalOf(
          resamples.map((row) => {
            const parts = split(journey, row);
            return touches.reduce((sum, touch) => sum + (parts[touch] ?? 0), 0);
          }),
          level,
        ),
    },
  };
}

/** A channel that the fit has not seen counts like the average one. */
function weighing(ids: ReadonlyMap<string, number>, row: readonly number[]): (channel: string) => number {
  const average = row.reduce((sum, one) => sum + one, 0) / Math.max(1, row.length);
  return (channel) => row[ids.get(channel) ?? -1] ?? average;
}

function sharesBy(touches: readonly Touch[], weightOf: (channel: string) => number): number[] {
  const counts = new Map<string, number>();
  for (const { channel } of touches) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  const whole = [...counts.keys()].reduce((sum, channel) => sum + weightOf(channel), 0);
  // Channels that all mean nothing to the fit are alike.
  const weight = (channel: string) => (whole > 0 ? weightOf(channel) / whole : 1 / counts.size);
  return touches.map(({ channel }) => weight(channel) / (counts.get(channel) ?? 1));
}

function told(touches: readonly Touch[], shares: readonly number[]): Split {
  return {
    shares,
    baseline: 0,
    reason: (index) => {
      const channel = touches[index]?.channel ?? '';
      const own = touches.filter((touch) => touch.channel === channel).length;
      const together = shares.reduce((sum, one, at) => sum + (touches[at]?.channel === channel ? one : 0), 0);
      const shared = own === 1 ? '' : `, shared by ${own} touches`;
      return `By its removal effect ${channel} gets ${Number((together * 100).toFixed(1))} % of this journey${shared}.`;
    },
  };
}
