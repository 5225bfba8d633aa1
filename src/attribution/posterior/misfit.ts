/**
 * How far truth is from a model in which touches just add. Conversions show it in one place: where touches of two channels
 * do more in each other's company than alone. What is found there is taken for the size of what cannot be seen.
 */
import { Random } from '../random.ts';
import type { CompanyPosterior } from './parameters.ts';

/**
 * Standard deviation of the log of a touch's rate, and of the baseline's, around that of the model: `most` where channels
 * help each other much, and half of it where touches do `half` more in company, see `helpFound`. Chosen on simulated
 * worlds, most of them of other classes than the model's, see docs/attribution.md.
 */
const deviation = { most: 0.55, half: 0.2 };

/** The part of it that does not even out over the deals of a channel. Chosen likewise. */
const ofChannels = 0.2;

/** Of fits that did not look for help. */
export const usualHelp = 0.3;

/** Keeps these draws apart from other uses of a seed. */
const topic = 0x4d_46;

/**
 * By which part of itself the average touch that brought a conversion does more in company: 0 where none helps.
 *
 * @param groups of each channel; `shares` of the channels, of all conversions
 */
export function helpFound(
  { members, helps }: CompanyPosterior,
  groups: ArrayLike<number>,
  shares: readonly number[],
): number {
  const all = shares.reduce((sum, share) => sum + share, 0);
  if (all <= 0 || helps.length === 0) return 0;
  const byGroup = new Map<number, number>();
  shares.forEach((share, channel) => {
    const group = groups[channel] ?? 0;
    byGroup.set(group, (byGroup.get(group) ?? 0) + share);
  });
  let sum = 0;
  for (const flat of helps)
    for (let at = 0; at < flat.length; at += 2) {
      const own = members[Math.floor((flat[at] ?? 0) / members.length)] ?? -1;
      sum += (flat[at + 1] ?? 0) * (byGroup.get(own) ?? 0);
    }
  return sum / helps.length / all;
}

export function deviationBy(help: number): number {
  return (deviation.most * help ** 2) / (help ** 2 + deviation.half ** 2);
}

/** Drawn shares of channels and baseline, draw by draw, moved by what a model so far off leaves open. Each sums to 1. */
export function movedShares(drawn: readonly Float64Array[], help: number): Float64Array[] {
  const random = new Random(topic);
  const spread = ofChannels * deviationBy(help);
  return drawn.map((shares) => {
    const moved = shares.map((share) => share * Math.exp(spread * random.normal()));
    const sum = moved.reduce((all, one) => all + one, 0);
    return sum > 0 ? moved.map((one) => one / sum) : moved;
  });
}
