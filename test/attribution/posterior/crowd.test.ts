/** Cells that speak for everybody: beside the sum over all people. */
import { describe, expect, it } from 'vitest';
import type { Column } from '../../../src/attribution/hazard/sample.ts';
import { crowdOf, daysBy, leanDays, leansIn, shift } from '../../../src/attribution/posterior/crowd.ts';
import { Random } from '../../../src/attribution/random.ts';

const people = 4_000;
const random = new Random(11);
const days = Float64Array.from({ length: people }, () => 1 + 60 * random.uniform());
const normal: Column = { values: Float64Array.from(days, () => random.normal()) };
const yesOrNo: Column = { values: Float64Array.from(days, () => (random.uniform() < 0.1 ? 3 : -1 / 3)) };
/** As intent is where few want it badly, each known only so well. */
const farOut: Column = {
  values: Float64Array.from(days, () => random.normal() / Math.sqrt(random.exponential(1) + 0.05)),
  variance: Float64Array.from(days, () => 0.2 + 0.5 * random.uniform()),
};

function exact(columns: readonly Column[], slopes: readonly number[]): number {
  return days.reduce((sum, own, person) => {
    const lean = columns.reduce((all, { values, variance }, at) => {
      const slope = slopes[at] ?? 0;
      return all + slope * (values[person] ?? 0) + (slope ** 2 * (variance?.[person] ?? 0)) / 2;
    }, 0);
    return sum + own * Math.exp(lean);
  }, 0);
}

describe.each([
  ['one column', [farOut]],
  ['two columns', [normal, farOut]],
  ['three columns', [normal, yesOrNo, farOut]],
] as const)('%s', (_, columns) => {
  const crowd = crowdOf(days, columns);

  it('weighs the same in a few dozen cells as person by person, also where a few are far out', () => {
    expect(crowd.days.length).toBeLessThanOrEqual(64);
    const draws = new Random(12);
    for (let round = 0; round < 50; round += 1) {
      const slopes = columns.map(() => Math.max(-1, Math.min(1, 0.5 * draws.normal())));
      expect(leanDays(crowd, Float64Array.from(slopes)) / exact(columns, slopes)).toBeCloseTo(1, 1);
    }
  });
});

it('weighs the same where one slope after the other changes', () => {
  const crowd = crowdOf(days, [normal, yesOrNo, farOut]);
  const leans = leansIn(crowd, Float64Array.of(0.3, -0.2, 0.5));
  shift(crowd, leans, 2, 0.5, -0.4);
  shift(crowd, leans, 0, 0.3, 0.9);
  expect(daysBy(crowd, leans)).toBeCloseTo(leanDays(crowd, Float64Array.of(0.9, -0.2, -0.4)), 6);
});

it('keeps the days of everybody', () => {
  const { days: cells } = crowdOf(days, [normal, farOut]);
  expect(cells.reduce((sum, one) => sum + one, 0)).toBeCloseTo(
    days.reduce((sum, one) => sum + one, 0),
    6,
  );
});

it('is one cell where people do not differ, or none was watched', () => {
  const same: Column = { values: new Float64Array(3).fill(2) };
  expect(crowdOf(Float64Array.of(1, 2, 3), [same]).days).toEqual(Float64Array.of(6));
  expect([...crowdOf(new Float64Array(3), [{ values: Float64Array.of(1, 2, 3) }]).days]).toEqual([0]);
});
