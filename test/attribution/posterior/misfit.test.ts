/** How far truth is from a model in which touches just add, and what that makes of shares. */
import { describe, expect, it } from 'vitest';
import { deviationBy, helpFound, movedShares } from '../../../src/attribution/posterior/misfit.ts';

describe('the help that is found', () => {
  // Places 0, 1 and 2 are groups 4, 0 and 1; cell 1 is a touch of group 4 beside group 0, cell 6 one of group 1.
  const members = [4, 0, 1];

  it('counts by what the helped channels bring of all that touches bring, over the draws', () => {
    const groups = [0, 1, 4, 4];
    const helps = [[1, 2], [1, 2, 6, 0.5], [], []];
    const found = helpFound({ members, helps }, groups, [0.1, 0.2, 0.1, 0.1]);
    expect(found).toBeCloseTo((2 * (2 * 0.2) + 0.5 * 0.2) / 4 / 0.5, 12);
  });

  it('is none where none was looked for, or touches bring nothing', () => {
    expect(helpFound({ members, helps: [] }, [0], [1])).toBe(0);
    expect(helpFound({ members, helps: [[1, 2]] }, [4], [0])).toBe(0);
  });

  it('makes deals differ the more, up to a bound', () => {
    expect(deviationBy(0)).toBe(0);
    expect(deviationBy(0.1)).toBeLessThan(deviationBy(0.3));
    expect(deviationBy(100)).toBeLessThan(0.6);
  });
});

describe('shares of channels', () => {
  const drawn = Array.from({ length: 400 }, () => Float64Array.of(0.3, 0.2, 0.5));
  const spreadOf = (help: number) => {
    const first = movedShares(drawn, help).map(([share = 0]) => share);
    return Math.sqrt(first.reduce((sum, share) => sum + (share - 0.3) ** 2, 0) / first.length);
  };

  it('are as drawn where touches just add, and spread where they do not', () => {
    expect(spreadOf(0)).toBeLessThan(1e-12);
    expect(spreadOf(0.2)).toBeGreaterThan(0.005);
    expect(spreadOf(0.8)).toBeGreaterThan(1.5 * spreadOf(0.2));
  });

  it('still sum to 1, and are moved by the same each time', () => {
    for (const shares of movedShares(drawn, 0.8))
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(movedShares(drawn, 0.8)).toEqual(movedShares(drawn, 0.8));
  });
});
