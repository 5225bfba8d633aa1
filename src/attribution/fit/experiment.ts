/**
 * Calibration by experiment. When a channel was withheld from a random part of the visitors, the difference between
 * the two parts is what the channel does: no model is needed to know it. The model's claim is put beside it, with the
 * factor that would bring the claim to the measure.
 */
import type { Observations } from '../hazard/observations.ts';
import { type HazardParameters, withNumbers } from '../hazard/parameters.ts';
import { type Hazard, hazardOf } from '../hazard/rate.ts';
import { historyOf } from './people.ts';
import { difference, type Estimated, measuredWith, proportion, ratio, times } from './ratio.ts';

/** One part of the visitors. */
export interface Arm {
  readonly people: number;
  readonly conversions: number;
}

export interface Experiment {
  /** Those who could meet the channel. */
  readonly treated: Arm;
  /** Those from whom it was withheld by lot. */
  readonly withheld: Arm;
  readonly claim: Claim;
}

/** The part of the conversions of the treated that the model credits to the channel. */
export interface Claim {
  readonly share: number;
  /** Its standard error. */
  readonly error: number;
}

export interface ExperimentResult {
  /** Conversions per person more among the treated. */
  readonly lift: Estimated;
  /** Conversions of the treated that the channel brought: as measured, and as the model has it. */
  readonly measured: Estimated;
  readonly claimed: Estimated;
  /** Measured by claimed. Null where the claim may be nothing. */
  readonly factor: Estimated | null;
  /** Whether the factor may be 1. */
  readonly agrees: boolean;
  /** One sentence with the numbers. */
  readonly words: string;
}

/** Both parts must have people. */
export function compareWithExperiment({ treated, withheld, claim }: Experiment): ExperimentResult {
  if (treated.people === 0 || withheld.people === 0)
    throw new RangeError('an experiment needs people in both parts');
  const lift = difference(
    proportion(treated.conversions, treated.people),
    proportion(withheld.conversions, withheld.people),
  );
  const measured = times(lift, treated.people);
  const claimed = times(measuredWith(claim.share, claim.error), treated.conversions);
  const factor = ratio(measured, claimed);
  const agrees = factor !== null && factor.interval.low <= 1 && factor.interval.high >= 1;
  return { lift, measured, claimed, factor, agrees, words: words(measured, claimed, factor, agrees) };
}

function words(measured: Estimated, claimed: Estimated, factor: Estimated | null, agrees: boolean): string {
  const sides = `The experiment measured ${told(measured, 0)} conversions, the model claims ${told(claimed, 0)}`;
  if (!factor) return `${sides}, which may be nothing: there is no factor.`;
  return `${sides}: ${agrees ? 'they agree' : 'they do not agree'}; the factor is ${told(factor, 2)}.`;
}

function told({ value, interval }: Estimated, digits: number): string {
  return `${value.toFixed(digits)} (${interval.low.toFixed(digits)} to ${interval.high.toFixed(digits)})`;
}

/** The two parts, by who was held out. */
export function armsOf(
  { converted }: Observations,
  withheld: ArrayLike<number>,
): Pick<Experiment, 'treated' | 'withheld'> {
  const count = (wanted: boolean): Arm => {
    const own = converted.filter((_, person) => (withheld[person] === 1) === wanted);
    return { people: own.length, conversions: own.reduce((sum, one) => sum + one, 0) };
  };
  return { treated: count(false), withheld: count(true) };
}

/**
 * What the model claims for a channel among the treated.
 *
 * @param resamples numbers of the parameters; see `numbersOf`
 */
export function claimOf(
  parameters: HazardParameters,
  resamples: readonly (readonly number[])[],
  treated: Observations,
  channel: string,
): Claim {
  const share = shareOf(hazardOf(parameters), treated, channel);
  const others = resamples.map((numbers) =>
    shareOf(hazardOf(withNumbers(parameters, numbers)), treated, channel),
  );
  const mean = others.reduce((sum, one) => sum + one, 0) / Math.max(others.length, 1);
  const squares = others.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return { share, error: Math.sqrt(squares / Math.max(others.length - 1, 1)) };
}

function shareOf(hazard: Hazard, observations: Observations, channel: string): number {
  let credit = 0;
  let conversions = 0;
  for (const [person, converted] of observations.converted.entries()) {
    if (!converted) continue;
    const history = historyOf(observations, person);
    const { touches, whole } = hazard.rate(history);
    conversions += 1;
    history.touches.forEach((touch, index) => {
      if (touch.channel === channel) credit += (touches[index] ?? 0) / whole;
    });
  }
  return credit / Math.max(conversions, 1);
}
