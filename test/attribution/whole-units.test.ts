/** Percents that sum to the whole that is shown above them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wholeUnits } from '../../src/attribution/whole-units.ts';

it('gives what rounding each part alone would lose to those who lose most', () => {
  expect(wholeUnits([0.044, 0.034, 0.034, 0.033, 0.025], 100)).toEqual([5, 3, 3, 3, 3]);
  expect(wholeUnits([1 / 3, 1 / 3, 1 / 3], 100)).toEqual([34, 33, 33]);
  expect(wholeUnits([], 100)).toEqual([]);
  expect(wholeUnits([0, 0], 100)).toEqual([0, 0]);
});

it('sums to what the sum is rounded to, each part less than a unit off', () => {
  const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(shares, fc.constantFrom(100, 1_000, 10_000), (parts, units) => {
      const sum = parts.reduce((all, one) => all + one, 0);
      const whole = wholeUnits(parts, units);
      if (Math.round(sum * units) > 0)
        expect(whole.reduce((all, one) => all + one, 0)).toBe(Math.round(sum * units));
      const off = whole.map((one, at) => Math.abs(one - (parts[at] ?? 0) * units));
      for (const one of off) expect(one).toBeLessThan(1.5);
    }),
  );
});
