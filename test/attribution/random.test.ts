import { describe, expect, it } from 'vitest';
import { Random } from '../../src/attribution/random.ts';

function draws(count: number, draw: (random: Random) => number, ...keys: number[]): number[] {
  const random = new Random(...keys);
  return Array.from({ length: count }, () => draw(random));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('a stream', () => {
  it('is named by its keys', () => {
    const bits = (random: Random) => random.bits();
    expect(draws(5, bits, 1, 2)).toEqual(draws(5, bits, 1, 2));
    const others = [[1, 3], [2, 1], [2, 2], [1], [1, 2, 0], [-1, 2], [2 ** 40 + 1, 2]].map((keys) =>
      draws(5, bits, ...keys),
    );
    const all = [draws(5, bits, 1, 2), ...others].map((one) => one.join());
    expect(new Set(all).size).toBe(all.length);
  });

  it('is even, and its neighbours do not resemble it', () => {
    const uniform = (random: Random) => random.uniform();
    const firsts = Array.from({ length: 20_000 }, (_, key) => new Random(9, key).uniform());
    for (const values of [draws(20_000, uniform, 1), firsts]) {
      const counts = new Array<number>(20).fill(0);
      for (const value of values) counts[Math.floor(value * 20)] = (counts[Math.floor(value * 20)] ?? 0) + 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
      expect(chiSquare).toBeLessThan(45);
      const products = values.slice(1).map((value, index) => (value - 0.5) * ((values[index] ?? 0) - 0.5));
      expect(Math.abs(mean(products))).toBeLessThan(0.003);
    }
  });

  it('never gives 0 or 1', () => {
    const values = draws(100_000, (random) => random.uniform(), 4);
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThan(0);
    expect(Math.max(...values.slice(50_000))).toBeLessThan(1);
  });

  it('draws the normal and the exponential distribution', () => {
    const normal = draws(40_000, (random) => random.normal(), 2);
    expect(Math.abs(mean(normal))).toBeLessThan(0.02);
    expect(Math.abs(mean(normal.map((value) => value ** 2)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(mean(normal.map((value) => value ** 4)) - 3)).toBeLessThan(0.2);
    const waits = draws(40_000, (random) => random.exponential(0.5), 3);
    expect(Math.abs(mean(waits) - 2)).toBeLessThan(0.05);
    expect(Math.abs(mean(waits.map((value) => value ** 2)) - 8)).toBeLessThan(0.5);
  });
});
