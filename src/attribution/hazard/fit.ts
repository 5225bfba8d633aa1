/** The fit: from observations to parameters and shares. */
import { type Ascent, ascend, type Patience, patient } from './ascend.ts';
import type { Observations } from './observations.ts';
import type { Parameters } from './parameters.ts';
import { parametersOf } from './point.ts';
import { type PriorSettings, pooledPrior, usualPrior } from './pooled.ts';
import type { Prior } from './prior.ts';
import { prepare, type Sample } from './sample.ts';
import { type Shares, sharesOf } from './shares.ts';
import { stateAt } from './state.ts';
import { type WeightedSample, weigh } from './weights.ts';

export interface HazardFit {
  readonly parameters: Parameters;
  readonly shares: Shares;
  readonly prior: Prior;
  readonly conversions: number;
  readonly ascent: Ascent;
}

export function fitHazard(observations: Observations, settings: PriorSettings = usualPrior): HazardFit {
  const sample = prepare(observations);
  const prior = pooledPrior(sample, settings);
  return fitSample(weigh(sample), prior, startPoint(sample, prior));
}

export function fitSample(
  weighted: WeightedSample,
  prior: Prior,
  start: Float64Array,
  patience: Patience = patient,
): HazardFit {
  const ascent = ascend(stateAt(start, weighted), weighted, prior, patience);
  const parameters = parametersOf(ascent.state.point, weighted.sample.channels);
  return { parameters, shares: sharesOf(ascent.expected), prior, conversions: weighted.conversions, ascent };
}

/** Every channel as the prior has it, half of all conversions anyway. */
function startPoint({ channels, covariates, days, conversions }: Sample, prior: Prior): Float64Array {
  const watched = days.reduce((sum, one) => sum + one, 0);
  return Float64Array.of(
    Math.log(conversions.person.length / 2 / watched),
    ...covariates.map(() => 0),
    ...new Float64Array(channels).fill(Math.log(prior.effect)),
    ...new Float64Array(channels).fill(prior.logDecay),
  );
}
