/** Shapes of kernels: densities that are named by their half-life. */
import { describe, expect, it } from 'vitest';
import { kernelGrid, shapes } from '../../../src/attribution/posterior/kernels.ts';

const halfLife = 3;
const ages = [0.2, 1, 3, 8, 30];

describe.each(shapes.map((shape) => [shape.name, shape] as const))('the %s shape', (_, shape) => {
  it('has half of its effect after a half-life', () => {
    expect(shape.cumulative(halfLife, halfLife)).toBeCloseTo(0.5, 10);
  });

  it('adds up to what has come by any age', () => {
    const step = 1e-4;
    for (const age of ages) {
      const slope =
        (shape.cumulative(age + step, halfLife) - shape.cumulative(age - step, halfLife)) / (2 * step);
      expect(slope).toBeCloseTo(shape.density(age, halfLife), 6);
    }
  });

  it('is the mean of those who remember differently long, where it comes of such people', () => {
    const { densityOf } = shape;
    if (!densityOf) return expect(['fading', 'delayed']).toContain(shape.name);
    const parts = 20_000;
    for (const age of ages) {
      let sum = 0;
      for (let part = 0; part < parts; part += 1) sum += densityOf(age, halfLife, (part + 0.5) / parts);
      expect(sum / parts).toBeCloseTo(shape.density(age, halfLife), 4);
    }
    // After long, more is left for those who forget slowly.
    expect(densityOf(30, halfLife, 0.2)).toBeGreaterThan(densityOf(30, halfLife, 0.8));
  });
});

describe('what is thought of shapes before data speak', () => {
  it('sums to 1, also where only some are allowed', () => {
    expect(shapes.reduce((sum, { prior }) => sum + prior, 0)).toBeCloseTo(1, 12);
    expect([...new Set(kernelGrid(60, 4, ['mixed', 'fading']).shape)]).toEqual([0, 3]);
  });
});
