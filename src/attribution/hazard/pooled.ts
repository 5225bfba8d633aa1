/** The prior that a sample gives itself: all its channels fitted as if they were one (empirical Bayes). */
import { type Ascent, ascend } from './ascend.ts';
import { partsOf } from './point.ts';
import type { Prior } from './prior.ts';
import type { Sample } from './sample.ts';
import { stateAt } from './state.ts';
import { weigh } from './weights.ts';

export interface PriorSettings {
  /** How many conversions' worth of evidence the average channel is. */
  readonly effectWeight: number;
  /** Standard deviation of the log half-lives of channels. */
  readonly halfLifeSpread: number;
  readonly slopeSpread: number;
}

export const usualPrior: PriorSettings = { effectWeight: 0.5, halfLifeSpread: 1, slopeSpread: 2 };

/** Half of the effect gone in a tenth of the longest watch, give or take a factor of e². */
const typicalPart = 0.1;
const vague = 2;

/**
 * The average may come out as nothing where some channels go with fewer conversions. A prior of nothing would then
 * silence the others, so the average touch is thought to do a twentieth of its even share at least.
 */
export function pooledPrior(sample: Sample, settings: PriorSettings): Prior {
  const longest = sample.days.reduce((most, days) => Math.max(most, days), 0);
  const one = asOneChannel(sample);
  const open = openPrior(longest, evenShare(sample));
  const { state } = poolFit(one, open);
  const { logEffects, logDecays } = partsOf(state.point, 1);
  return {
    ...open,
    effect: Math.max(Math.exp(logEffects[0] ?? 0), evenShare(sample) / 20),
    effectWeight: settings.effectWeight,
    logDecay: logDecays[0] ?? 0,
    logDecaySpread: settings.halfLifeSpread,
    slopeSpread: settings.slopeSpread,
  };
}

/** What a touch would do if all conversions were those of touches. */
function evenShare({ conversions, cells }: Sample): number {
  return conversions.person.length / Math.max(cells.cell.length, 1);
}

/** Next to no opinion: enough of one that touches without time to work have a defined effect. */
function openPrior(longest: number, effect: number): Prior {
  return {
    effect,
    effectWeight: 0.01,
    logDecay: Math.log(Math.LN2 / (longest * typicalPart)),
    logDecaySpread: vague,
    slopeSpread: Number.POSITIVE_INFINITY,
    halfLives: { least: longest / 2_000, most: longest * 2 },
  };
}

function poolFit(sample: Sample, prior: Prior): Ascent {
  const weighted = weigh(sample);
  const days = sample.days.reduce((sum, one) => sum + one, 0);
  const touches = Math.max(sample.cells.cell.length, 1);
  const half = weighted.conversions / 2;
  const point = Float64Array.of(Math.log(half / days), Math.log(half / touches), prior.logDecay);
  return ascend(stateAt(point, weighted), weighted, prior);
}

function asOneChannel(sample: Sample): Sample {
  const { conversions, cells } = sample;
  return {
    ...sample,
    channels: 1,
    covariates: [],
    conversions: { ...conversions, channel: new Int32Array(conversions.channel.length) },
    cells: { ...cells, starts: Int32Array.of(0, cells.starts.at(-1) ?? 0) },
  };
}
