/** Posterior predictive checks: what a fit expects beside what came. */
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/attribution/fit/checks.ts';
import { expecting } from '../../../src/attribution/fit/expected.ts';
import { piecesOf } from '../../../src/attribution/fit/pieces.ts';
import {
  posteriorChecks,
  predictionsOf,
  usualPosteriorChecks,
} from '../../../src/attribution/fit/posterior-checks.ts';
import { type Prediction, predictions } from '../../../src/attribution/fit/predictive.ts';
import { speakersOf } from '../../../src/attribution/fit/thinned.ts';
import type { Observations } from '../../../src/attribution/hazard/observations.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import {
  type Draw,
  drawOf,
  type PosteriorFit,
  rowOf,
} from '../../../src/attribution/posterior/parameters.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';
import { observed } from '../hazard/observed.ts';

const quick = { chains: 2, sweeps: 300, draws: 40, intent: false };
const { observations } = simulate(scenarios.A, 1_450, 21);
const fit = fitPosterior(observations, quick);
const settings = { ...usualPosteriorChecks, leastConversions: 20, tooFew: 'needs more' };

describe('the pieces of a person’s time', () => {
  const one = observed([
    {
      end: 40,
      converted: true,
      touches: [
        ['chat', 2],
        ['mail', 2.5],
        ['chat', 30],
      ],
    },
  ]);

  it('end at touches and where the last touch passes a round age, and leave nothing out', () => {
    const pieces = piecesOf(one, 0);
    expect(pieces.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [2, 2.5],
      [2.5, 3.5],
      [3.5, 5.5],
      [5.5, 9.5],
      [9.5, 16.5],
      [16.5, 30],
      [30, 31],
      [31, 33],
      [33, 37],
      [37, 40],
    ]);
    const chat = one.channels.indexOf('chat');
    expect(pieces.at(0)).toMatchObject({ touches: 0, lastChannel: -1, lastAge: -1 });
    expect(pieces.at(-1)).toMatchObject({ touches: 3, lastChannel: chat, lastAge: 3 });
  });
});

describe('people who speak for all', () => {
  it('are those who converted, and some of the others with their weight', () => {
    const speakers = speakersOf(observations, 100);
    const converted = observations.converted.reduce((sum, one) => sum + one, 0);
    expect(speakers.filter(({ weight }) => weight === 1)).toHaveLength(converted);
    expect(speakers.length).toBeLessThanOrEqual(converted + 100);
    const all = speakers.reduce((sum, { weight }) => sum + weight, 0);
    expect(all).toBeCloseTo(observations.end.length, 6);
  });
});

describe('what is expected', () => {
  it('is all that the fit expects, group by group, and counts each conversion once', () => {
    const expectedOf = expecting(fit, observations, 10);
    const whole = observations.end.reduce((sum, end, person) => sum + (expectedOf(person)(end)[0] ?? 0), 0);
    const first = (person: number) => (days: number) => expectedOf(person)(days).slice(0, 1);
    for (const { groups } of predictions(observations, first, 1)) {
      expect(sumOf(groups, 'expected')).toBeCloseTo(whole, 6);
      expect(sumOf(groups, 'observed')).toBe(fit.conversions);
    }
  });

  it('is the same for the same seed', () => {
    expect(predictionsOf(fit, observations, 3)).toEqual(predictionsOf(fit, observations, 3));
  });
});

describe('the checks', () => {
  it('pass for a world of the model’s own kind', () => {
    expect(failed(posteriorChecks(fit, predictionsOf(fit, observations, 1), settings))).toEqual([]);
  });

  it('see that conversions heap after touches of which the fit expects nothing', () => {
    const other = deaf(fit, observations);
    const strict = { ...settings, slack: 0.05 };
    expect(failed(posteriorChecks(other, predictionsOf(other, observations, 1), strict))).toContain(
      'conversions by the channel of the last touch',
    );
    expect(failed(posteriorChecks(fit, predictionsOf(fit, observations, 1), strict))).toEqual([]);
  });

  it('fail one by one, each for its reason, and say what a deal is told', () => {
    const calm: Prediction = {
      by: 'x',
      groups: [{ name: 'y', observed: 3, expected: 2.5 }],
      p: 0.4,
      misplaced: 0.02,
    };
    const { diagnostics } = fit;
    const with_ = (changed: object, predicted = calm) =>
      posteriorChecks({ ...fit, ...changed }, [predicted], settings).filter(({ passed }) => !passed);
    expect(with_({})).toEqual([]);
    expect(with_({ conversions: 19 })).toMatchObject([{ name: 'enough conversions', lack: 'needs more' }]);
    expect(
      with_({ diagnostics: { ...diagnostics, converged: false, why: 'the chains disagree' } }),
    ).toMatchObject([
      { name: 'converged', words: 'It has not converged: the chains disagree.', lack: expect.any(String) },
    ]);
    expect(with_({ informative: 0.01 })).toMatchObject([{ name: 'has learnt something' }]);
    expect(with_({}, { ...calm, p: 0, misplaced: 0.3 })).toMatchObject([
      { name: 'conversions by x', words: expect.stringContaining('of the y came 3 where 2.5 were expected') },
    ]);
    expect(with_({}, { ...calm, p: 0, misplaced: 0.1 })).toEqual([]);
    expect(with_({}, { ...calm, p: 0.2, misplaced: 0.3 })).toEqual([]);
  });
});

function failed(checks: readonly Check[]): string[] {
  return checks.flatMap(({ passed, name }) => (passed ? [] : [name]));
}

function sumOf(groups: Prediction['groups'], name: 'observed' | 'expected'): number {
  return groups.reduce((sum, group) => sum + group[name], 0);
}

/** All conversions anyway, whatever touches there were. */
function deaf({ draws, ...others }: PosteriorFit, data: Observations): PosteriorFit {
  const baseline = others.conversions / data.end.reduce((sum, days) => sum + days, 0);
  return { ...others, draws: draws.map((row) => rowOf(silenced(drawOf(row, 0), baseline))) };
}

function silenced({ slopes, channels }: Draw, baseline: number): Draw {
  return { baseline, slopes, channels: channels.map((channel) => ({ ...channel, effect: 1e-9 })) };
}
