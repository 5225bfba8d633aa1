/** A fit of a small world: what it finds, and what always holds. */
import { describe, expect, it } from 'vitest';
import type { Journey, Model } from '../../../src/attribution/model.ts';
import { fitPosteriorApart } from '../../../src/attribution/posterior/apart.ts';
import { fitPosterior } from '../../../src/attribution/posterior/fit.ts';
import { openPosterior } from '../../../src/attribution/posterior/open.ts';
import { scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { misallocated, simulate } from '../../../src/attribution/simulate/world.ts';
import { journeyTo } from '../chat-journey.ts';

const end = Date.parse('2026-05-06T12:00:00Z');
const { observations, truth } = simulate(scenarios.A, 600, 3);
const fit = fitPosterior(observations, { sweeps: 400 });

function journey(touches: readonly (readonly [string, number])[]): Journey {
  return journeyTo(end, touches);
}

describe('a fit of some forty conversions', () => {
  it('credits the true causes about right, and all of them', () => {
    const shares = {
      channels: fit.channels.map(({ share }) => share.mean),
      baseline: fit.baseline.share.mean,
    };
    expect(shares.channels.reduce((sum, one) => sum + one, shares.baseline)).toBeCloseTo(1, 9);
    expect(misallocated(shares, truth)).toBeLessThan(0.25);
    expect(fit.diagnostics).toMatchObject({ converged: true, why: '' });
  });

  it('is the same to the last bit when made again, here or in a thread; another seed, another fit', async () => {
    expect(await fitPosteriorApart(observations, { sweeps: 400 })).toEqual(fit);
    expect(fitPosterior(observations, { sweeps: 400, seed: 2 }).draws).not.toEqual(fit.draws);
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(fit))).toEqual(fit);
  });

  it('leaves out what the deal brings about', () => {
    const without = fitPosterior(observations, { sweeps: 400, causedByDeal: ['search'] });
    expect(without.channels.map(({ name }) => name)).not.toContain('search');
    const split = openPosterior(without, 'v1').split(
      journey([
        ['search', 1],
        ['chat', 2],
      ]),
    );
    expect(split.shares[0]).toBe(0);
    expect(split.reason(0)).toBe('The deal brings its search touches about, so they get no credit.');
  });
});

describe('the model of a fit', () => {
  const model = openPosterior(fit, 'v1');
  const deal = journey([
    ['email', 9],
    ['chat', 5],
    ['chat', 3],
    ['fair', 1],
  ]);

  it('splits a deal into shares that sum to 1, none negative, with intervals around them', () => {
    const { shares, baseline, without } = model.split(deal);
    expect(shares.reduce((sum, one) => sum + one, baseline)).toBeCloseTo(1, 12);
    expect([...shares, baseline].every((share) => share >= 0)).toBe(true);
    const { low = 1, high = 0 } = model.evidence?.interval(deal, [1, 2], 'everything') ?? {};
    expect(low).toBeGreaterThanOrEqual(0);
    expect(low).toBeLessThan((shares[1] ?? 0) + (shares[2] ?? 0));
    expect(high).toBeGreaterThan((shares[1] ?? 0) + (shares[2] ?? 0));
    expect(high).toBeLessThanOrEqual(1);
    expect(without?.(2)?.[2]).toBe(0);
    expect(without?.(2)?.[1]).toBeGreaterThan(shares[1] ?? 1);
  });

  it('gives the chance without a touch, which is no higher', () => {
    const { counterfactual } = model.split(deal);
    const { with: chance, without } = counterfactual?.(2) ?? { with: 0, without: 1 };
    expect(without).toBeLessThan(chance);
  });

  it('says why, also of a channel that it has not seen', () => {
    const { reason } = model.split(deal);
    expect(reason(2)).toMatch(
      /^It came 3 days before the (close|last day that counts), and half of the effect of chat touches comes within [\d.]+ days?: [\d.]+ % of what spoke for the deal then(; without it the chance of winning by then would have been [\d.]+ % instead of [\d.]+ %)?\.$/,
    );
    expect(reason(3)).toContain('fair is a channel that the fit has not seen');
  });

  it('says the same of a deal whatever deals are read in between', () => {
    const other = journey(Array.from({ length: 30 }, (_, day) => ['display', 30 - day] as const));
    const told = (between: (one: Model) => unknown) => {
      const own = openPosterior(fit, 'v1');
      between(own);
      const { reason, counterfactual, without } = own.split(deal);
      between(own);
      const chances = counterfactual?.(1);
      between(own);
      const shares = without?.(0);
      between(own);
      return [reason(1), chances, shares, own.evidence?.interval(deal, [1, 2], 'touches')];
    };
    const undisturbed = told(() => {});
    const disturbed = told((one) => [
      one.split(other).reason(3),
      one.evidence?.interval(other, [0], 'everything'),
    ]);
    expect(disturbed).toEqual(undisturbed);
  });

  it('leaves everything to the baseline where there is no touch', () => {
    expect(model.split(journey([]))).toMatchObject({ shares: [], baseline: 1 });
  });
});

describe('a fit that has not converged', () => {
  it('says so, and is not applied', () => {
    const rash = fitPosterior(observations, { sweeps: 4 });
    expect(rash.diagnostics.converged).toBe(false);
    expect(() => openPosterior(rash, 'v1')).toThrow(/The fit has not converged: the chains /);
  });
});
