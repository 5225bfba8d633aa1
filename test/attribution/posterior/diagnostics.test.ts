/** What is said of chains that agree, drift, stick or break. */
import { describe, expect, it } from 'vitest';
import { diagnose, effectiveSize, splitRHat } from '../../../src/attribution/posterior/diagnostics.ts';
import { informativeOf } from '../../../src/attribution/posterior/informative.ts';
import { Random } from '../../../src/attribution/random.ts';

const length = 1_000;

function chains(of: (chain: number, at: number, noise: number) => number): Float64Array[] {
  return [0, 1, 2, 3].map((chain) => {
    const random = new Random(5, chain);
    return Float64Array.from({ length }, (_, at) => of(chain, at, random.normal()));
  });
}

function verdict(trace: readonly Float64Array[]) {
  return diagnose(new Map([['the baseline', trace]]), length, { mostRHat: 1.05, leastEss: 100 });
}

describe('chains', () => {
  it('that draw alike and freely have converged', () => {
    const trace = chains((_, __, noise) => noise);
    expect(splitRHat(trace)).toBeLessThan(1.01);
    expect(effectiveSize(trace)).toBeGreaterThan(3_000);
    expect(verdict(trace)).toMatchObject({ converged: true, why: '' });
  });

  it('that are at different places have not', () => {
    const { converged, why } = verdict(chains((chain, _, noise) => chain + noise));
    expect(converged).toBe(false);
    expect(why).toContain('the chains disagree about the baseline');
  });

  it('that drift together have not: each disagrees with itself', () => {
    expect(verdict(chains((_, at, noise) => at / 300 + noise)).converged).toBe(false);
  });

  it('that creep have drawn too little', () => {
    let place = 0;
    const trace = chains((_, at, noise) => {
      place = at === 0 ? 10 * noise : 0.995 * place + noise;
      return place;
    });
    expect(effectiveSize(trace)).toBeLessThan(100);
    expect(verdict(trace).converged).toBe(false);
  });

  it('with a number that is none have not, and chains that never move have', () => {
    expect(
      verdict(chains((chain, at, noise) => (chain === 2 && at === 7 ? Number.NaN : noise))).converged,
    ).toBe(false);
    expect(verdict(chains(() => 1)).converged).toBe(true);
  });
});

describe('informative', () => {
  it('is 1 where all draws are the same, 0 where any share is as likely as any other', () => {
    const flat = Array.from({ length: 2_000 }, (_, index) => {
      const random = new Random(9, index);
      const parts = Float64Array.from({ length: 4 }, () => random.exponential(1));
      const sum = parts.reduce((all, one) => all + one, 0);
      return parts.map((part) => part / sum);
    });
    expect(informativeOf([Float64Array.of(0.5, 0.5), Float64Array.of(0.5, 0.5)])).toBe(1);
    expect(informativeOf(flat)).toBeLessThan(0.05);
  });
});
