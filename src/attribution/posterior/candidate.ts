/** A channel as it is or as it might be, and where a step may lead. */
import type { Random } from '../random.ts';
import { exposureAt, type Ground, type State } from './state.ts';
import { tirings } from './tirings.ts';

export interface Candidate {
  readonly effect: number;
  readonly kernel: number;
  readonly tiring: number;
}

export function candidateOf({ effects, kernels, tirings: tired }: State, channel: number): Candidate {
  return { effect: effects[channel] ?? 0, kernel: kernels[channel] ?? 0, tiring: tired[channel] ?? 0 };
}

/** Null where it would leave the grid. The chance of the way back is the same. */
export type Proposal = (now: Candidate, ground: Ground, channel: number, random: Random) => Candidate | null;

/** Another effect, and a half-life that is not far. */
const nearby: Proposal = (now, ground, _, random) => {
  const kernel = shifted(now.kernel, ground, Math.round(3 * random.normal()));
  if (kernel === null) return null;
  return { ...now, kernel, effect: now.effect * Math.exp(reach(random) * random.normal()) };
};

/** Another shape or another tiring, with about as many conversions expected of the channel as before. */
const elsewhere: Proposal = (now, ground, channel, random) => {
  const { grid, options, sample } = ground;
  const shapes = grid.shape.length / grid.steps;
  const other = Math.floor(random.uniform() * shapes) * grid.steps + (now.kernel % grid.steps);
  const kernel = shifted(other, ground, Math.round(6 * random.normal()));
  if (kernel === null) return null;
  const tiring = options.tiring ? Math.floor(random.uniform() * tirings.length) : now.tiring;
  const before = sample.exposure[exposureAt(ground, channel, now.tiring, now.kernel)] ?? 0;
  const after = sample.exposure[exposureAt(ground, channel, tiring, kernel)] ?? 0;
  if (before <= 0 || after <= 0) return null;
  return { kernel, tiring, effect: now.effect * (before / after) * Math.exp(0.2 * random.normal()) };
};

export const proposals: readonly Proposal[] = [nearby, elsewhere];

/** Steps of several lengths: short enough for thousands of conversions, long enough for twenty. */
export function reach(random: Random): number {
  return 0.8 * 0.25 ** (2 * random.uniform());
}

/** So many half-lives further in the same shape. */
function shifted(kernel: number, { grid: { steps } }: Ground, by: number): number | null {
  const at = (kernel % steps) + by;
  return at < 0 || at >= steps ? null : kernel + by;
}
