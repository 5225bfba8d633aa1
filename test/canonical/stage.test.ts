import { describe, expect, it } from 'vitest';
import { dealStatus } from '../../src/canonical/stage.ts';

describe('dealStatus', () => {
  it.each([
    [{ closed: true, won: true }, 'won'],
    [{ closed: true, won: false }, 'lost'],
    [{ closed: false, won: false }, 'open'],
    [{ won: true }, 'won'],
    [{ won: false }, 'open'],
    [{ closed: true, probability: 1 }, 'won'],
    [{ closed: true, probability: 0 }, 'lost'],
    [{ probability: 1 }, 'won'],
    [{ probability: 0.4 }, 'open'],
    [{ closed: null, won: null }, null],
    [{}, null],
  ])('%j → %s', (facts, status) => {
    expect(dealStatus(facts)).toBe(status);
  });
});
