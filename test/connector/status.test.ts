import { describe, expect, it } from 'vitest';
import { faultOfStatus, retryAfter } from '../../src/connector/status.ts';

const now = Date.UTC(2026, 0, 1, 12);

describe('a bare status', () => {
  it.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'rejected'],
    [408, 'unavailable'],
    [409, 'conflict'],
    [412, 'conflict'],
    [429, 'throttled'],
    [304, 'rejected'],
    [500, 'unavailable'],
    [599, 'unavailable'],
    [700, 'unavailable'],
  ])('of %d means %s', (status, kind) => {
    expect(faultOfStatus('GET /x', status, {}, now)).toMatchObject({ kind, status });
  });

  it.each([200, 204, 207])('of %d is no fault', (status) => {
    expect(faultOfStatus('GET /x', status, {}, now)).toBeNull();
  });

  it('brings along how long to wait', () => {
    expect(faultOfStatus('GET /x', 503, { 'retry-after': '3' }, now)?.retryAfterMs).toBe(3000);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0.5', 500],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('of %j is %j ms', (header, ms) => {
    expect(retryAfter(header, now)).toBe(ms);
  });
});
