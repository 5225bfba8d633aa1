/** The same data with one choice made otherwise. */
import { expect, it } from 'vitest';
import { variantsOf } from '../../../src/attribution/fit/variants.ts';
import { fitTouched } from '../../../src/attribution/posterior/fit.ts';
import { touchedOf } from '../../../src/attribution/posterior/ground.ts';
import { usualPosterior } from '../../../src/attribution/posterior/options.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';

const { observations: world } = simulate(scenarios.B, 300, 3);
const every = (turn: number) => world.end.map((_, person) => Number(person % 3 === turn));
const observations = {
  ...world,
  covariates: [
    ...world.covariates,
    { name: 'Organization.industry = Retail', values: every(0) },
    { name: 'Organization.industry = Energy', values: every(1) },
  ],
};

it('is told of each covariate, of all categories of a field together, of intent, and of what was left out', () => {
  const options = { ...usualPosterior, causedByDeal: ['social'] };
  const touched = touchedOf(observations, options);
  const fit = fitTouched(touched, observations.covariates, options);
  const variants = variantsOf(observations, touched, fit, options);
  expect(variants.map(({ what }) => what)).toEqual([
    'without lead_score',
    'without Organization.industry',
    'without intent',
    'counting social touches',
  ]);
  for (const { shares } of variants)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
});
