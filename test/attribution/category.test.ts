/** Categories as covariates of models that know numbers alone. */
import { expect, it } from 'vitest';
import { categoryIn, categoryName, knownOf } from '../../src/attribution/category.ts';
import { scaledIn } from '../../src/attribution/hazard/standardized.ts';

const retail = categoryName('Organization.industry', 'Retail = shops');

it('is read back from its name, whatever its value is', () => {
  expect(categoryIn(retail)).toEqual({ field: 'Organization.industry', value: 'Retail = shops' });
  expect(categoryIn('log(Organization.employees)')).toBeNull();
});

it('is 0 for those of another one, and unknown where nothing is known of the field', () => {
  expect(knownOf({ 'Organization.industry': 1, [retail]: 0.5 }, retail)).toBe(0.5);
  expect(knownOf({ 'Organization.industry': 1, 'Organization.industry = Energy': 1 }, retail)).toBe(0);
  expect(knownOf({ 'Person.score': 3 }, retail)).toBeUndefined();
  expect(knownOf(undefined, 'Person.score')).toBeUndefined();
});

it('moves nothing where it is not known, and a deal of another one as much as its rarity says', () => {
  const scale = { name: retail, mean: 0.25, deviation: 0.5 };
  expect(scaledIn({}, scale)).toBe(0);
  expect(scaledIn({ 'Organization.industry': 1 }, scale)).toBe(-0.5);
});
