/** Random journeys for tests. */
import fc from 'fast-check';
import type { Row } from './journeys.ts';

/** Few channels and many repeats, so that windows come again. */
export function journeys(size: { channels: number; longest: number; most: number }): fc.Arbitrary<Row[]> {
  const touch = fc.integer({ min: 0, max: size.channels - 1 }).map((index) => `c${index}`);
  const row = fc
    .record({
      touches: fc.array(touch, { minLength: 1, maxLength: size.longest }),
      conversions: fc.integer({ min: 0, max: 5 }),
      nulls: fc.integer({ min: 0, max: 5 }),
      price: fc.integer({ min: 0, max: 100 }),
    })
    .map(({ touches, conversions, nulls, price }) => ({
      path: touches.join('>'),
      conversions,
      nulls,
      value: String(conversions * price),
    }));
  return fc.array(row, { minLength: 1, maxLength: size.most });
}

/** A generator of numbers from 0 to 1 (mulberry32), so that a case is the same everywhere. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Two kinds of journeys that stay among their own channels for long: what makes solvers crawl. */
export function crossing(size: { channels: number; journeys: number; mean: number; seed: number }): Row[] {
  const next = chance(size.seed);
  const half = Math.floor(size.channels / 2);
  return Array.from({ length: size.journeys }, () => {
    let kind = next() < 0.5 ? 0 : 1;
    const touches: string[] = [];
    do {
      if (next() < 0.02) kind = 1 - kind;
      touches.push(`c${kind * half + Math.floor(next() ** 2 * half)}`);
    } while (next() > 1 / size.mean);
    const conversions = next() < 0.1 + 0.3 * kind ? 1 : 0;
    return {
      path: touches.join('>'),
      conversions,
      nulls: 1 - conversions,
      value: String(conversions * Math.floor(next() * 1000)),
    };
  });
}
