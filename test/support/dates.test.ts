import { describe, expect, it } from 'vitest';
import { typedTime } from '../../src/support/dates.ts';

const iso = (given: string) => new Date(typedTime(given).time).toISOString();

describe('a time as people type it', () => {
  it('is UTC unless it says otherwise', () => {
    expect(typedTime('2026-06-30')).toEqual({ time: Date.UTC(2026, 5, 30), isDate: true });
    expect(iso('2026-06-30T12:00')).toBe('2026-06-30T12:00:00.000Z');
    expect(iso(' 2026-06-30 12:00:01.5 ')).toBe('2026-06-30T12:00:01.500Z');
    expect(iso('2026-06-30T12:00:00+02:00')).toBe('2026-06-30T10:00:00.000Z');
    expect(iso('2028-02-29')).toBe('2028-02-29T00:00:00.000Z');
    expect(typedTime('2026-06-30T00:00Z').isDate).toBe(false);
  });

  it.each([
    ['2026-02-30'],
    ['2026-02-29T10:00'],
    ['2026-13-01'],
    ['2026-00-10'],
    ['2026-06-31'],
    ['2026-06-30T25:00'],
    ['2026-06-30T12:61Z'],
    ['7'],
    ['2026'],
    ['30.06.2026'],
    ['06/30/2026'],
    ['June 30, 2026'],
    ['soon'],
    [''],
  ])('is refused: "%s"', (given) => {
    expect(() => typedTime(given)).toThrow(/is not a date/);
  });
});
