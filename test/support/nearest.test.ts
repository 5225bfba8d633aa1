import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { didYouMean, editDistance, nearest } from '../../src/support/nearest.ts';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['email', 'email', 0],
    ['emial', 'email', 1],
    ['email', 'emails', 1],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s ↔ %s is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is symmetric, and zero for equal words only', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });
});

describe('did you mean', () => {
  it('finds what was meant, whatever its case', () => {
    expect(nearest('emial', ['phone', 'Email'])).toBe('Email');
    expect(didYouMean('feild', ['field', 'rule'])).toBe('Did you mean "field"?');
  });

  it('lists what there is when nothing is near', () => {
    expect(nearest('amount', ['phone', 'email'])).toBeUndefined();
    expect(didYouMean('amount', ['phone', 'email'])).toBe('Use one of: phone, email.');
    expect(
      didYouMean(
        'x',
        Array.from({ length: 20 }, (_, index) => `field${index}`),
      ),
    ).toMatch(/… \(20 in all\)\.$/);
  });
});
