/** Judges a way of fitting on people that the fit has not seen. */
import { fitHazard, type HazardFit, type HazardSettings } from '../hazard/fit.ts';
import type { Observations } from '../hazard/observations.ts';
import { type HazardParameters, numbersOf } from '../hazard/parameters.ts';
import { calibrate } from './calibration.ts';
import type { Quality } from './checks.ts';
import { holdOut, logLosses, lossDifference, meanOf, plainLosses } from './held-out.ts';

export interface Trial {
  /** Of the people, to hold out: 0.2. */
  readonly part: number;
  readonly seed: number;
  readonly settings: HazardSettings;
  /** What credits deals now. */
  readonly promoted: HazardParameters | null;
}

/**
 * How good `fit`, made of all the observations, is: a fit made in the same way of a part of them is held against
 * the others.
 */
export function judge(observations: Observations, fit: HazardFit, trial: Trial): Quality {
  const halves = holdOut(observations, trial.part, trial.seed);
  const { heldOut } = halves;
  const { parameters } = fitHazard(halves.fitted, trial.settings);
  const losses = logLosses(parameters, heldOut);
  return {
    conversions: fit.conversions,
    converged: fit.converged,
    heldOut: {
      people: heldOut.end.length,
      logLoss: meanOf(losses),
      againstPlain: lossDifference(losses, plainLosses(halves)),
      againstPromoted: trial.promoted && lossDifference(losses, logLosses(trial.promoted, heldOut)),
      headStart: headStart(parameters, observations.end.length),
    },
    calibration: calibrate(parameters, heldOut),
  };
}

/**
 * A fit's likelihood of people whom it has seen is too good by half a nat for each of its numbers, and of others too
 * bad by as much (Akaike 1973); twice that, since it is so only on average.
 */
function headStart(parameters: HazardParameters, people: number): number {
  return (2 * numbersOf(parameters).length) / people;
}
