/**
 * What a posterior must show before it may credit deals. The checks mean something at 20 won deals: they look at what
 * the fit makes of its own data, and none holds out a fifth of them. How often each finds what is wrong, and how often
 * it cries wolf, is measured (`npm run bench -- checks`) and told in docs/fits.md.
 */
import type { Observations } from '../hazard/observations.ts';
import { withoutChannels } from '../posterior/left-out.ts';
import type { PosteriorFit } from '../posterior/parameters.ts';
import { type Check, notConverged } from './checks.ts';
import { expecting } from './expected.ts';
import { type Prediction, predictions } from './predictive.ts';

export interface PosteriorCheckSettings {
  readonly leastConversions: number;
  /** See `lack` of a check. */
  readonly tooFew: string;
  /** How much of what was not known before the data must be known after. */
  readonly leastInformative: number;
  /** A misfit of which chance makes as much more often than this is none. */
  readonly chance: number;
  /** The part of conversions that may come in other groups than expected, beyond chance. */
  readonly slack: number;
}

export const usualPosteriorChecks: Omit<PosteriorCheckSettings, 'leastConversions' | 'tooFew'> = {
  leastInformative: 0.1,
  chance: 0.005,
  // Fits to sound worlds miss by a tenth at the most, to spoilt ones mostly by a quarter: see docs/fits.md.
  slack: 0.15,
};

/** Draws are enough to know what is expected. */
const mostDraws = 16;

/** Of the touches that the fit has seen. */
export function predictionsOf(fit: PosteriorFit, observations: Observations, seed: number): Prediction[] {
  const own = withoutChannels(observations, fit.causedByDeal);
  return predictions(own, expecting(fit, own, mostDraws), seed);
}

/** All checks; the fit may be promoted when every one has passed. */
export function posteriorChecks(
  { conversions, diagnostics, informative }: PosteriorFit,
  predicted: readonly Prediction[],
  settings: PosteriorCheckSettings,
): Check[] {
  const { leastConversions: least, tooFew } = settings;
  const { converged, rHat, ess, why } = diagnostics;
  return [
    {
      name: 'enough conversions',
      passed: conversions >= least,
      words: `There are ${conversions} conversions; ${least} are needed.`,
      lack: tooFew,
    },
    {
      name: 'converged',
      passed: converged,
      words: converged
        ? `Its chains agree (R-hat ${rHat.toFixed(2)}) and are worth ${ess} independent draws.`
        : `It has not converged: ${why}.`,
      lack: notConverged,
    },
    {
      name: 'has learnt something',
      passed: informative >= settings.leastInformative,
      words: `The data have taken away ${percent(informative)} of what was not known of the shares before; ${percent(settings.leastInformative)} are needed.`,
      lack: 'has learnt too little from the won deals yet',
    },
    ...predicted.map((prediction) => asExpected(prediction, settings)),
  ];
}

/** Only what is both beyond chance and large: with many deals any model misses something. */
function asExpected(
  { by, groups, p, misplaced }: Prediction,
  { chance, slack }: PosteriorCheckSettings,
): Check {
  const worst = groups.reduce((most, group) => (off(group) > off(most) ? group : most), none);
  const came = `of the ${worst.name} came ${worst.observed} where ${worst.expected.toFixed(1)} were expected`;
  return {
    name: `conversions by ${by}`,
    passed: p >= chance || misplaced <= slack,
    words: `${percent(misplaced)} came elsewhere than expected, beyond chance (p ${p.toFixed(3)}); ${came}.`,
    lack: 'does not fit the won deals of this hub',
  };
}

const none = { name: '', observed: 0, expected: 0 };

function off({ observed, expected }: { readonly observed: number; readonly expected: number }): number {
  return Math.abs(observed - expected) / Math.sqrt(expected + 0.5);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`;
}
