/** The likelihood and its ascent, against a second way of computing them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascend } from '../../../src/attribution/hazard/ascend.ts';
import { judge } from '../../../src/attribution/hazard/em.ts';
import { fitHazard, usualSettings } from '../../../src/attribution/hazard/fit.ts';
import type { Observations } from '../../../src/attribution/hazard/observations.ts';
import { partsOf } from '../../../src/attribution/hazard/point.ts';
import type { Prior } from '../../../src/attribution/hazard/prior.ts';
import { prepare } from '../../../src/attribution/hazard/sample.ts';
import { stateAt } from '../../../src/attribution/hazard/state.ts';
import { weigh } from '../../../src/attribution/hazard/weights.ts';
import { anyPeople, observed, type Person } from './observed.ts';

const none: Prior = {
  effect: 1,
  effectWeight: 0,
  logDecay: 0,
  logDecaySpread: Number.POSITIVE_INFINITY,
  slopeSpread: Number.POSITIVE_INFINITY,
  halfLives: { least: 0.01, most: 100 },
};
const usual: Prior = {
  ...none,
  effect: 0.2,
  effectWeight: 0.5,
  logDecay: -1,
  logDecaySpread: 1,
  slopeSpread: 2,
};

/** Straight from the definition, person by person and touch by touch. */
function logLikelihood(
  { channels, covariates, end, converted, starts, channel, time }: Observations,
  point: Float64Array,
) {
  const { logBaseline, slopes, logEffects, logDecays } = partsOf(point, channels.length);
  let sum = 0;
  for (const [person, did] of converted.entries()) {
    const days = end[person] ?? 0;
    const lean = covariates.reduce(
      (all, { values }, index) => all + (slopes[index] ?? 0) * (values[person] ?? 0),
      0,
    );
    const anyway = Math.exp((logBaseline[0] ?? 0) + lean);
    let rate = anyway;
    let expected = anyway * days;
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1) {
      const effect = Math.exp(logEffects[channel[touch] ?? 0] ?? 0);
      const decay = Math.exp(logDecays[channel[touch] ?? 0] ?? 0);
      const faded = Math.exp(-decay * (days - (time[touch] ?? 0)));
      rate += effect * decay * faded;
      expected += effect * (1 - faded);
    }
    sum += (did ? Math.log(rate) : 0) - expected;
  }
  return sum;
}

function ready(observations: Observations) {
  const sample = prepare(
    observations,
    observations.covariates.map(({ values }) => ({ values })),
  );
  return weigh(sample);
}

function anyPoint(channels: number, slopes: number): fc.Arbitrary<Float64Array> {
  const log = fc.double({ min: -4, max: 1, noNaN: true });
  return fc
    .array(log, { minLength: 1 + slopes + 2 * channels, maxLength: 1 + slopes + 2 * channels })
    .map((values) => Float64Array.from(values));
}

const anyCase = anyPeople.chain((people: Person[]) => {
  const observations = observed(people, ['score']);
  return fc.record({
    observations: fc.constant(observations),
    point: anyPoint(observations.channels.length, 1),
  });
});

describe('the log likelihood', () => {
  it('is that of the definition, at any point of any data', () => {
    fc.assert(
      fc.property(anyCase, ({ observations, point }) => {
        const weighted = ready(observations);
        const { logPosterior } = judge(stateAt(point, weighted), weighted, none);
        const exact = logLikelihood(observations, point);
        // Cells hold days that differ by 1 %.
        expect(Math.abs(logPosterior - exact)).toBeLessThan(1e-5 * (1 + Math.abs(exact)));
      }),
      { numRuns: 200, seed: 1, endOnFailure: true },
    );
  });

  it('never falls on the way up, with a prior and without', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(none, usual), ({ observations, point }, prior) => {
        const weighted = ready(observations);
        const { trace } = ascend(stateAt(point, weighted), weighted, prior, {
          tolerance: 1e-6,
          mostRounds: 200,
        });
        for (let index = 1; index < trace.length; index += 1)
          expect(trace[index]).toBeGreaterThanOrEqual((trace[index - 1] ?? 0) - 1e-8);
      }),
      { numRuns: 150, seed: 2, endOnFailure: true },
    );
  });

  it('is flat where the ascent ends', () => {
    const weighted = ready(observed(manyPeople(), ['score']));
    const point = Float64Array.of(-4, 0, -2, -2, 0, 0);
    const { state, converged } = ascend(stateAt(point, weighted), weighted, usual, {
      tolerance: 1e-10,
      mostRounds: 10_000,
    });
    const height = (index: number, by: number) =>
      judge(
        stateAt(
          state.point.map((value, at) => value + (at === index ? by : 0)),
          weighted,
        ),
        weighted,
        usual,
      ).logPosterior;
    const slopes = Array.from(state.point, (_, index) => (height(index, 1e-4) - height(index, -1e-4)) / 2e-4);
    expect(converged).toBe(true);
    for (const slope of slopes) expect(Math.abs(slope)).toBeLessThan(0.01);
  });
});

/** A few hundred people with two channels, one of which works. */
function manyPeople(): Person[] {
  return Array.from({ length: 400 }, (_, index) => {
    const touched = (index * 7) % 10;
    const converted = index % 5 === 0;
    const end = converted ? touched + ((index * 3) % 4) + 0.5 : 20;
    const touches = (index % 2 === 0 ? [['a', touched]] : [['b', touched / 2]]) as [string, number][];
    return { end, converted, touches, covariates: { score: (index % 9) - 4 + (converted ? 1 : 0) } };
  });
}

describe('known answers', () => {
  it('finds the plain rate where nobody was touched', () => {
    const people = Array.from({ length: 40 }, (_, index) => ({ end: 10, converted: index < 8, touches: [] }));
    const fit = fitHazard(observed(people));
    expect(fit.parameters.baseline).toBeCloseTo(8 / 400, 12);
    expect(fit.shares).toEqual({ channels: [], baseline: 1 });
    expect(fit.logLikelihood).toBeCloseTo(8 * Math.log(8 / 400) - 8, 9);
  });

  it('gives touches what those without them do not have', () => {
    // Without a touch 1 % convert in 10 days; with one, 30 % more within the next day.
    const people: Person[] = Array.from({ length: 4_000 }, (_, index) => {
      const touches = index % 2 === 0 ? ([['a', 2]] as [string, number][]) : [];
      const anyway = index % 100 < 2;
      const brought = index % 2 === 0 && index % 20 < 6;
      const early = 2 + 0.05 + 0.9 * ((index % 17) / 17);
      return { end: brought ? early : anyway ? 3 + (index % 7) : 10, converted: brought || anyway, touches };
    });
    const { shares, parameters } = fitHazard(observed(people), { ...usualSettings, intent: false });
    expect(shares.channels[0]).toBeGreaterThan(0.9);
    expect(parameters.channels[0]?.effect).toBeGreaterThan(0.25);
    expect(parameters.channels[0]?.effect).toBeLessThan(0.36);
  });

  it('shares out by the rates at the conversion', () => {
    const observations = observed([
      {
        end: 4,
        converted: true,
        touches: [
          ['a', 0],
          ['b', 2],
        ],
      },
    ]);
    const weighted = ready(observations);
    const half = (days: number) => Math.log(Math.LN2 / days);
    // Rates: 0.1 anyway; a 0.8 ln2/4 2^-1; b 0.4 ln2/2 2^-1.
    const point = Float64Array.of(Math.log(0.1), Math.log(0.8), Math.log(0.4), half(4), half(2));
    const { credits, baseline } = judge(stateAt(point, weighted), weighted, none).expected;
    const touch = (0.1 * Math.LN2) / (0.1 + 0.2 * Math.LN2);
    expect(credits[0]).toBeCloseTo(touch, 12);
    expect(credits[1]).toBeCloseTo(touch, 12);
    expect(baseline).toBeCloseTo(1 - 2 * touch, 12);
  });
});

describe('shares', () => {
  it('are parts of the whole, whatever the data', () => {
    fc.assert(
      fc.property(anyPeople, (people) => {
        const { shares } = fitHazard(observed(people, ['score']));
        const all = [...shares.channels, shares.baseline];
        expect(all.every((share) => share >= 0 && share <= 1)).toBe(true);
        expect(all.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      }),
      { numRuns: 60, seed: 3, endOnFailure: true },
    );
  });
});
