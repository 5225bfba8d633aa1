/** What is thought before conversions speak. */
import { expect, it } from 'vitest';
import type { Observations } from '../../../src/attribution/hazard/observations.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { prepare, touchedOf } from '../../../src/attribution/posterior/ground.ts';
import { usualPosterior } from '../../../src/attribution/posterior/options.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';

const preparedOf = (observations: Observations) =>
  prepare(touchedOf(observations, usualPosterior), observations.covariates, usualPosterior);

it('thinks that wanting moves purchases as much as the channel that chases it most; of covariates nothing', () => {
  const { observations } = simulate(scenarios.B, 2_000, 3);
  const { ground, intent } = preparedOf(observations);
  const [score, wanted] = ground.centres;
  expect(score).toBe(0);
  expect(wanted).toBe(Math.max(...(intent?.pulls ?? [])));
  expect(wanted).toBeGreaterThan(0.5);
});

it('thinks that a rare category makes as much of a difference as a frequent one', () => {
  const { observations } = simulate(scenarios.A, 2_000, 3);
  const every = (turns: number) => observations.end.map((_, person) => Number(person % turns === 0));
  const covariates = [
    { name: 'Organization.industry = Retail', values: every(2) },
    { name: 'Organization.industry = Fishing', values: every(25) },
    { name: 'Person.score', values: every(25) },
  ];
  const { ground, scales } = preparedOf({ ...observations, covariates });
  const whole = scales.map(({ deviation }, index) => (ground.spreads[index] ?? 0) / deviation);
  expect(whole[0]).toBeCloseTo(usualPosterior.slopeSpread, 12);
  expect(whole[1]).toBeCloseTo(usualPosterior.slopeSpread, 12);
  expect(ground.spreads[2]).toBe(usualPosterior.slopeSpread);
});

it('thinks nothing of it where no channel chases', () => {
  const { observations } = simulate(scenarios.A, 2_000, 3);
  expect(preparedOf(observations).ground.centres[0]).toBeLessThan(0.4);
});

it('still thinks so where a handful of conversions says next to nothing', () => {
  const { observations } = simulate(scenarios.B, 150, 3);
  const { intent } = fitPosterior({ ...observations, covariates: [] }, { sweeps: 500 });
  const wanted = Math.max(...(intent?.pulls ?? []));
  expect(wanted).toBeGreaterThan(0.3);
  expect(Math.abs((intent?.slope.mean ?? 0) - wanted)).toBeLessThan(0.1);
});
