/** How a fit is judged: held-out people, calibration, checks. */
import { describe, expect, it } from 'vitest';
import { calibrate } from '../../../src/attribution/fit/calibration.ts';
import { checksOf, type Quality } from '../../../src/attribution/fit/checks.ts';
import { holdOut, logLosses, lossDifference, plainLosses } from '../../../src/attribution/fit/held-out.ts';
import { judge } from '../../../src/attribution/fit/judge.ts';
import { fitHazard, usualSettings } from '../../../src/attribution/hazard/fit.ts';
import type { HazardParameters } from '../../../src/attribution/hazard/parameters.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { observed } from '../hazard/observed.ts';

const { observations } = simulate(scenarios.A, 12_000, 21);
const truth: HazardParameters = {
  baseline: scenarios.A.baseline,
  covariates: [],
  channels: scenarios.A.channels,
  unseen: { effect: 0.01, halfLifeDays: 3 },
  intent: null,
};

describe('holding out', () => {
  it('parts the people, the same ones for the same seed', () => {
    const { fitted, heldOut } = holdOut(observations, 0.2, 1);
    expect(fitted.end.length + heldOut.end.length).toBe(12_000);
    expect(fitted.time.length + heldOut.time.length).toBe(observations.time.length);
    expect(Math.abs(heldOut.end.length / 12_000 - 0.2)).toBeLessThan(0.02);
    expect(holdOut(observations, 0.2, 1)).toEqual({ fitted, heldOut });
    expect(holdOut(observations, 0.2, 2).heldOut.end).not.toEqual(heldOut.end);
  });
});

describe('the loss of a person', () => {
  const two = observed([
    { end: 4, converted: true, touches: [['chat', 2]] },
    { end: 10, converted: false, touches: [] },
  ]);
  const parameters = { ...truth, baseline: 0.1, channels: [{ name: 'chat', effect: 0.4, halfLifeDays: 2 }] };

  it('is minus the log likelihood of what happened', () => {
    const [one, other] = logLosses(parameters, two);
    expect(one).toBeCloseTo(0.4 + 0.2 - Math.log(0.1 + 0.1 * Math.LN2), 12);
    expect(other).toBeCloseTo(1, 12);
  });

  it('of one rate for everybody is that of the fitted half', () => {
    const [one, other] = plainLosses({ fitted: two, heldOut: two });
    expect(one).toBeCloseTo(4 / 14 - Math.log(1 / 14), 12);
    expect(other).toBeCloseTo(10 / 14, 12);
  });

  it('is compared person by person', () => {
    const { mean, error } = lossDifference(Float64Array.of(1, 2, 3), Float64Array.of(1, 1, 1));
    expect(mean).toBeCloseTo(1, 12);
    expect(error).toBeCloseTo(1 / Math.sqrt(3), 12);
  });
});

describe('calibration', () => {
  it('groups all conversions and all expectation, about evenly', () => {
    const groups = calibrate(truth, observations);
    const conversions = observations.converted.reduce((sum, one) => sum + one, 0);
    expect(groups).toHaveLength(10);
    expect(groups.reduce((sum, { observed: came }) => sum + came, 0)).toBe(conversions);
    const expected = groups.map((group) => group.expected);
    expect(Math.max(...expected) / Math.min(...expected)).toBeLessThan(1.1);
  });

  it('is near for the truth and far for a wrong half-life', () => {
    const far = (parameters: HazardParameters) =>
      calibrate(parameters, observations).reduce(
        (sum, { observed: came, expected }) => sum + (came - expected) ** 2 / expected,
        0,
      );
    const wrong = truth.channels.map((channel) => ({ ...channel, halfLifeDays: channel.halfLifeDays * 8 }));
    // Chi-square with 10 degrees of freedom: above 30 once in a thousand.
    expect(far(truth)).toBeLessThan(30);
    expect(far({ ...truth, channels: wrong })).toBeGreaterThan(100);
  });
});

describe('the checks', () => {
  const fit = fitHazard(observations);
  const trial = { part: 0.2, seed: 1, settings: usualSettings };
  const quality = judge(observations, fit, { ...trial, promoted: null });
  const failed = (changed: Partial<Quality>) =>
    checksOf({ ...quality, ...changed })
      .filter(({ passed }) => !passed)
      .map(({ name }) => name);

  it('pass for a fit of a world of its own kind', () => {
    expect(failed({})).toEqual([]);
    expect(quality.heldOut.againstPlain.mean).toBeLessThan(0);
  });

  it('fail one by one, each for its reason', () => {
    expect(failed({ conversions: 299 })).toEqual(['enough conversions']);
    expect(failed({ converged: false })).toEqual(['converged']);
    const { heldOut } = quality;
    expect(failed({ heldOut: { ...heldOut, againstPlain: { mean: 0.001, error: 0.001 } } })).toEqual([
      'tells more than one rate for everybody',
    ]);
    expect(failed({ calibration: [{ observed: 300, expected: 100 }] })).toEqual(['calibrated']);
    expect(failed({ heldOut: { ...heldOut, againstPromoted: { mean: 0.01, error: 0.001 } } })).toEqual([
      'not worse than the fit that credits deals now',
    ]);
  });

  it('hold a fit against the promoted one on the same people', () => {
    const same = judge(observations, fit, { ...trial, promoted: fit.parameters });
    expect(checksOf(same).every(({ passed }) => passed)).toBe(true);
    const muted = truth.channels.map((channel) => ({ ...channel, effect: channel.effect / 100 }));
    const better = judge(observations, fit, { ...trial, promoted: { ...truth, channels: muted } });
    expect(better.heldOut.againstPromoted?.mean).toBeLessThan(0);
  });

  it('say it with numbers', () => {
    const words = checksOf(quality).map((check) => check.words);
    expect(words[0]).toBe(`There are ${fit.conversions} conversions; 300 are needed.`);
    expect(words.every((one) => !/NaN|undefined/.test(one))).toBe(true);
  });
});
