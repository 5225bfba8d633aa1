/** Two fits side by side, and what a fit says of intent in intervals of deals. */
import { describe, expect, it } from 'vitest';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { changeBetween, reportOfPosterior } from '../../../src/attribution/posterior/report.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { simulate } from '../../../src/attribution/simulate/world.ts';

const { observations } = simulate(scenarios.E, 400, 2);
const all = fitPosterior(observations, { sweeps: 100 });
const without = fitPosterior(observations, { sweeps: 100, causedByDeal: ['call'] });

describe('a world with calls that intent brings about', () => {
  it('moves to the others at least what the calls had, once they are left out', () => {
    const { moved, baseline, otherwise } = changeBetween(without, all);
    const calls = all.channels.find(({ name }) => name === 'call')?.share.mean ?? 0;
    expect(calls).toBeGreaterThan(0);
    expect(moved).toBeGreaterThanOrEqual(calls - 1e-9);
    expect([baseline, otherwise]).toEqual([without.baseline.share.mean, all.baseline.share.mean]);
    expect(changeBetween(all, all).moved).toBe(0);
  });

  it('is reported by share, largest first, with what the covariate and intent do', () => {
    const { channels, baseline, covariates, intent } = reportOfPosterior(all);
    const shares = channels.map(({ share }) => share.value);
    expect(shares).toEqual([...shares].sort((one, other) => other - one));
    expect(shares.reduce((sum, one) => sum + one, baseline.share.value)).toBeCloseTo(1, 9);
    expect(covariates.map(({ name }) => name)).toEqual(['lead_score']);
    expect(intent?.pulls).toHaveLength(7);
  });
});
