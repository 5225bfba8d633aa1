/** Data that are odd, but no mistake: a posterior of them is defined. */
import { describe, expect, it } from 'vitest';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import type { PosteriorFit } from '../../../src/attribution/posterior/parameters.ts';
import { observed, type Person } from '../hazard/observed.ts';

const crowd = (touches: (at: number) => Person['touches']) =>
  Array.from({ length: 40 }, (_, at) => ({ end: 5 + at, converted: at % 4 === 0, touches: touches(at) }));

function posterior(people: readonly Person[]): PosteriorFit {
  return fitPosterior(observed(people), { sweeps: 20 });
}

describe.each([
  ['no touches', crowd(() => []), 0],
  [
    'equal times',
    crowd(() => [
      ['a', 2],
      ['b', 2],
      ['a', 2],
    ]),
    2,
  ],
  ['a touch at the very end', crowd((at) => [['form', 5 + at]]), 1],
  ['one person alone', [{ end: 10, converted: true, touches: [['a', 1]] }], 1],
  [
    'many channels of one touch',
    crowd((at) => [0, 1, 2, 3].map((day) => [`channel ${at} ${day}`, day])),
    160,
  ],
] as const)('%s', (_, people, channels) => {
  const { channels: found, baseline } = posterior(people);

  it('has shares that sum to 1, none negative, each within its interval or at its end', () => {
    const shares = [...found, baseline].map(({ share }) => share);
    expect(found).toHaveLength(channels);
    expect(shares.reduce((sum, { mean }) => sum + mean, 0)).toBeCloseTo(1, 9);
    for (const { mean, low, high } of shares) {
      expect(mean).toBeGreaterThanOrEqual(0);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
    }
  });
});

describe('rare channels', () => {
  it('share an effect, and have credit by their own touches', () => {
    const { channels } = posterior(crowd((at) => [0, 1].map((day) => [`channel ${at % 20} ${day}`, day])));
    const effects = Map.groupBy(channels, ({ effect }) => effect.mean);
    const rare = [...effects.values()].find((some) => some.length > 1) ?? [];
    expect(rare.length).toBe(21);
    expect(new Set(rare.map(({ share }) => share.mean)).size).toBeGreaterThan(1);
  });
});
