import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate, parseEnd, parseTime } from '../../src/mapping/language/time.ts';
import { isZone } from '../../src/support/zones.ts';

const noon = Date.UTC(2026, 5, 30, 12, 0, 0);

describe('parseTime', () => {
  it.each([
    ['2026-06-30T12:00:00Z', noon],
    ['2026-06-30T12:00:00.000+0000', noon],
    ['2026-06-30T12:00:00Z+0000', noon],
    ['2026-06-30T14:00:00Z+02:00', noon],
    [`/Date(${noon})/`, noon],
    [`/Date(${noon}+0200)/`, noon],
    ['2026-06-30T14:00:00+02:00', noon],
    ['2026-06-30T05:30:00-0630', noon],
    ['2026-06-30 12:00', noon],
    ['2026-06-30', noon - 12 * 3_600_000],
    ['2026-06-30T12:00:00.123456Z', noon + 123],
    [noon, noon],
    [String(noon), noon],
    [noon / 1000, noon],
    [' 2026-06-30T12:00:00z ', noon],
  ])('%s', (value, ms) => {
    expect(parseTime(value)).toBe(ms);
  });

  it.each([
    '',
    'yesterday',
    '2026-02-31',
    '2026-13-01',
    '30.06.2026',
    '2026-06-30T25:61',
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])('%s is none', (value) => {
    expect(parseTime(value)).toBeUndefined();
  });

  it('takes a time without offset as that of the zone, summer and winter', () => {
    expect(parseTime('2026-06-30T14:00:00', 'Europe/Berlin')).toBe(noon);
    expect(parseTime('2026-01-30T13:00:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 0, 30, 12));
    expect(parseTime('2026-06-30', 'America/New_York')).toBe(Date.UTC(2026, 5, 30, 4));
    expect(parseTime('2026-06-30T14:00:00Z', 'Europe/Berlin')).toBe(noon + 2 * 3_600_000);
  });

  it('reads back every time that it may have written', () => {
    const times = fc.date({ min: new Date(0), max: new Date('2285-01-01'), noInvalidDate: true });
    fc.assert(fc.property(times, (date) => parseTime(date.toISOString()) === date.getTime()));
  });

  it('knows zones', () => {
    expect(isZone('Asia/Tokyo')).toBe(true);
    expect(isZone('Mars/Olympus')).toBe(false);
  });
});

describe('parseDate', () => {
  it.each([
    ['2026-06-30', '2026-06-30'],
    ['2026-06-30T23:30:00Z', '2026-06-30'],
    [Date.UTC(2026, 5, 30), '2026-06-30'],
    [String(Date.UTC(2026, 5, 30)), '2026-06-30'],
  ])('%s → %s', (value, date) => {
    expect(parseDate(value)).toBe(date);
  });

  it.each(['2026-02-31', 'soon', ''])('%s is none', (value) => {
    expect(parseDate(value)).toBeUndefined();
  });
});

describe('the end of what has a date alone', () => {
  it('is the last moment of that day in the zone, also when clocks are changed', () => {
    expect(parseEnd('2026-06-01')).toBe(Date.UTC(2026, 5, 2) - 1);
    expect(parseEnd('2026-06-01', 'America/New_York')).toBe(Date.UTC(2026, 5, 2, 4) - 1);
    expect(parseEnd('2026-03-29', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 22) - 1);
    expect(parseEnd('2026-10-25', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 23) - 1);
    expect(parseEnd('2026-02-30')).toBeUndefined();
  });

  it('is the moment itself where there is one', () => {
    expect(parseEnd('2026-06-01T10:00:00Z')).toBe(Date.UTC(2026, 5, 1, 10));
    expect(parseEnd('2026-06-01T00:00:00.000Z')).toBe(Date.UTC(2026, 5, 1));
  });
});
