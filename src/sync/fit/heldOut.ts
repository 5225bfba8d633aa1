/**
 * How well a fit speaks of people whom it has not seen: every fifth prospect is held out, the rest are fitted, and
 * the held-out are judged by that fit and by the plain rate of conversion.
 */
import { fitHazard } from '../../attribution/hazard/fit.ts';
import type { Observations } from '../../attribution/hazard/observations.ts';
import { type History, hazardOf } from '../../attribution/hazard/rate.ts';
import { selected } from '../../attribution/hazard/selected.ts';
import type { Check } from './kind.ts';

/** Of the held-out prospects. */
export interface HeldOut {
  readonly heldOut: number;
  /** Minus the log likelihood of a prospect, on average: by the fit, and by one rate for everybody. */
  readonly logLoss: number;
  readonly plainLogLoss: number;
  /** Conversions that there were, and that the fit expected. */
  readonly observed: number;
  readonly expected: number;
}

const folds = 5;

export function heldOut(observations: Observations): HeldOut {
  const hazard = hazardOf(fitHazard(selected(observations, (prospect) => prospect % folds !== 0)).parameters);
  const rest = selected(observations, (prospect) => prospect % folds === 0);
  const plain = plainRate(observations);
  const sums = { logLoss: 0, plainLogLoss: 0, observed: 0, expected: 0 };
  for (let prospect = 0; prospect < rest.end.length; prospect += 1) {
    const history = historyOf(rest, prospect);
    const converted = rest.converted[prospect] === 1;
    const expected = hazard.expected(history).whole;
    sums.logLoss += expected - (converted ? Math.log(hazard.rate(history).whole) : 0);
    sums.plainLogLoss += plain * history.days - (converted ? Math.log(plain) : 0);
    sums.observed += Number(converted);
    sums.expected += expected;
  }
  const all = Math.max(1, rest.end.length);
  return {
    ...sums,
    heldOut: rest.end.length,
    logLoss: sums.logLoss / all,
    plainLogLoss: sums.plainLogLoss / all,
  };
}

function plainRate({ end, converted }: Observations): number {
  return converted.reduce((sum, one) => sum + one, 0) / end.reduce((sum, one) => sum + one, 0);
}

function historyOf(
  { channels, channel, time, starts, end, covariates }: Observations,
  prospect: number,
): History {
  const days = end[prospect] ?? 0;
  const touches: { channel: string; ageDays: number }[] = [];
  for (let touch = starts[prospect] ?? 0; touch < (starts[prospect + 1] ?? 0); touch += 1)
    touches.push({ channel: channels[channel[touch] ?? 0] ?? '', ageDays: days - (time[touch] ?? 0) });
  const known = covariates.map(({ name, values }) => [name, values[prospect] ?? 0]);
  return { touches, days, covariates: Object.fromEntries(known) };
}

/** By how much the expected conversions may miss: chance alone misses by this, one time in a thousand. */
const spread = 3.3;

export function heldOutChecks({ logLoss, plainLogLoss, observed, expected, heldOut }: HeldOut): Check[] {
  const better = logLoss < plainLogLoss;
  const miss = Math.abs(observed - expected);
  const near = miss <= spread * Math.sqrt(Math.max(expected, 1));
  const people = `${heldOut} prospects that it had not seen`;
  return [
    {
      name: 'tells more than the plain rate',
      passed: better,
      words: `Of ${people}, it is ${better ? '' : 'not '}nearer to the truth than one rate for everybody (log loss ${logLoss.toFixed(4)}, plain ${plainLogLoss.toFixed(4)}).`,
    },
    {
      name: 'calibrated',
      passed: near,
      words: `Of ${people}, ${observed} converted; it expected ${expected.toFixed(1)}.`,
    },
  ];
}
