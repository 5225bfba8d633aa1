/** The hazard model applied to one deal: pure, so that a kept fit gives the same bytes years later. */
import type { Counterfactual, Evidence, Journey, Model, Split, Touch } from '../model.ts';
import { namesOf } from '../names.ts';
import { intervalOf } from '../uncertainty/interval.ts';
import { inDays } from '../when.ts';
import { type HazardParameters, withNumbers } from './parameters.ts';
import { type Hazard, type History, hazardOf, type Parts } from './rate.ts';
import { reasonWith } from './reason.ts';

export interface FittedHazard {
  /** Of the fit that is applied. */
  readonly version: string;
  /** Conversions that it was fitted to. */
  readonly conversions: number;
  readonly parameters: HazardParameters;
  /** The numbers of the parameters in each resample: see `numbersOf`. */
  readonly resamples: readonly (readonly number[])[];
}

/** How the model is called; a hub may keep fits of several estimators side by side. */
export type HazardName = Pick<Model, 'id' | 'title'>;

export const hazardName: HazardName = { id: 'hazard', title: namesOf('hazard').title };

/** In one sentence, for every estimator. */
export const hazardDefinition =
  "Each touch adds to the chance that a deal is won, and fades with its channel's half-life; its share is its part of that chance at the close, and the rest would have come without any touch.";

const dayMs = 86_400_000;
const usualLevel = 0.95;

/**
 * A fit as a model of deals. A touch's share is its part of the rate at the end of the journey; the baseline's is
 * nobody's. Times of journeys are ms, those of the fit days. Evidence is there where the fit has resamples.
 */
export function hazardModel(fit: FittedHazard, name: HazardName = hazardName): Model {
  const { version, conversions, parameters, resamples } = fit;
  const hazard = hazardOf(parameters);
  return {
    ...name,
    definition: `${hazardDefinition} Fitted to ${conversions} won deals.`,
    version,
    ...(resamples.length > 0 ? { evidence: evidenceOf(fit) } : {}),
    split: (journey) => split(hazard, journey),
  };
}

function split(hazard: Hazard, journey: Journey): Split {
  const history = historyOf(journey);
  const rates = hazard.rate(history);
  const shares = rates.touches.map((touch) => touch / rates.whole);
  const counterfactual = (index: number) => chances(hazard, history, index);
  return {
    shares,
    baseline: rates.baseline / rates.whole,
    counterfactual,
    without: (index) => sharesWithout(rates, index),
    reason: (index) => {
      const touch = journey.touches[index];
      return touch ? reason(hazard, journey, touch, shares[index] ?? 0, counterfactual(index)) : '';
    },
  };
}

/** Intent and the time of watching stay: they are of the person, whom one touch less does not make another. */
function sharesWithout({ baseline, touches }: Parts, index: number): number[] {
  const left = touches.with(index, 0);
  const whole = left.reduce((sum, touch) => sum + touch, baseline);
  return left.map((touch) => touch / whole);
}

function evidenceOf({ conversions, parameters, resamples }: FittedHazard): Evidence {
  const others = resamples.map((numbers) => hazardOf(withNumbers(parameters, numbers)));
  return {
    conversions,
    interval: (journey, touches, of, level = usualLevel) => {
      const history = historyOf(journey);
      return intervalOf(
        others.map((other) => shareOf(other.rate(history), touches, of)),
        level,
      );
    },
  };
}

function shareOf(
  { whole, baseline, touches }: Parts,
  wanted: readonly number[],
  of: 'everything' | 'touches',
): number {
  const part = wanted.reduce((sum, index) => sum + (touches[index] ?? 0), 0);
  const all = of === 'everything' ? whole : whole - baseline;
  return all > 0 ? Math.min(1, part / all) : 0;
}

/** A prospect is watched from the first touch on, here as in the data of a fit. */
function historyOf({ touches, conversionTime, covariates }: Journey): History {
  const days = (time: number) => Math.max(0, (conversionTime - time) / dayMs);
  return {
    touches: touches.map(({ channel, time }) => ({ channel, ageDays: days(time) })),
    days: days(touches[0]?.time ?? conversionTime),
    covariates,
  };
}

/** Chances of having converted by the end: 1 − exp(−expected conversions), with the touch and without it. */
function chances(hazard: Hazard, history: History, index: number): Counterfactual {
  const { whole, touches } = hazard.expected(history);
  return { with: -Math.expm1(-whole), without: -Math.expm1((touches[index] ?? 0) - whole) };
}

function reason(
  hazard: Hazard,
  journey: Journey,
  touch: Touch,
  share: number,
  chances: Counterfactual,
): string {
  const { name, halfLifeDays } = hazard.effect(touch.channel);
  const subject = name === undefined ? 'a channel that the fit has not seen' : `${name} touches`;
  const fading = `the effect of ${subject} halves every ${inDays(halfLifeDays)}`;
  return reasonWith(fading, journey, touch, share, chances);
}
