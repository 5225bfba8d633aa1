/** Whether a new fit says something: more than other draws of the same data would. */
import { expect, it } from 'vitest';
import { posteriorSnapshot } from '../../src/attribution/fit/posterior-snapshot.ts';
import { fitPosterior } from '../../src/attribution/posterior/fit.ts';
import { scenarios } from '../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../src/attribution/simulate/world.ts';
import { toJson } from '../../src/support/json.ts';
import { hazardKind } from '../../src/sync/attribute/kinds/hazard.ts';
import { news } from '../../src/sync/fit/news.ts';

const { observations } = simulate(scenarios.A, 300, 3);
const window = { from: 0, to: 1 };

/** Worth so many independent draws; `moved` of all credit goes from the baseline to the first channel. */
function kept(version: string, draws: number, moved = 0) {
  const fit = fitPosterior(observations, { sweeps: 100, draws: 8, mostRHat: 9, leastEss: 1 });
  const diagnostics = { ...fit.diagnostics, ess: draws };
  const snapshot = posteriorSnapshot(observations, { ...fit, diagnostics }, [], { window, seed: 1 });
  const shares = snapshot.shares.map((one, index, { length }) => {
    const more = index === 0 ? moved : index + 1 === length ? -moved : 0;
    return { ...one, share: one.share + more, error: 0.05 };
  });
  return { version, snapshot: toJson({ ...snapshot, shares }) };
}

// Six channels and the baseline, 0.05 each: √(2/π) × 0.35 / 2 / √100, for each of the two fits.
const byDraws = Math.SQRT2 * Math.sqrt(2 / Math.PI) * 0.0175;

it('does not where other draws of the same data would move as much', () => {
  const check = news(hazardKind, kept('a', 100), kept('b', 100, byDraws * 0.95), 0.01);
  expect(check.passed).toBe(false);
  expect(check.words).toContain('2.0 % are worth a change, as other draws of the same data move as much');
  expect(news(hazardKind, kept('a', 100), kept('b', 100, byDraws * 1.05), 0.01).passed).toBe(true);
});

it('does by what the settings ask, where draws are many or nothing is asked', () => {
  expect(news(hazardKind, kept('a', 10_000), kept('b', 10_000, 0.011), 0.01).passed).toBe(true);
  expect(news(hazardKind, kept('a', 10_000), kept('b', 10_000, 0.009), 0.01)).toMatchObject({
    passed: false,
    words: 'It moves 0.9 % of all credit; 1.0 % are worth a change.',
  });
  expect(news(hazardKind, kept('a', 100), kept('b', 100), 0).passed).toBe(true);
});
