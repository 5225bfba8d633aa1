import { describe, expect, it } from 'vitest';
import type { Limits } from '../../src/connector/contract/limits.ts';
import { type AllowanceBook, Day, memoryBook } from '../../src/connector/day.ts';
import type { Clock } from '../../src/support/clock.ts';
import { faultOf, recordingClock } from './connection.ts';

const hour = 3_600_000;
const noon = Date.UTC(2026, 2, 10, 12);

function dayOf(
  clock: Clock,
  book: AllowanceBook,
  limits: Partial<Limits> = {},
  daily: Limits['daily'] = { calls: 1000 },
): Day {
  const day = new Day({ account: 'acme', clock, book });
  day.join({ pools: {}, reserve: 0.1, ...(daily && { daily }), ...limits });
  return day;
}

/** How many calls go until the day is spent. */
async function spend(day: Day, most = Number.POSITIVE_INFINITY): Promise<number> {
  for (let made = 0; made < most; made += 1) {
    const refused = await day.take('GET /', 1).then(
      () => false,
      () => true,
    );
    if (refused) return made;
  }
  return most;
}

describe('the allowance of a day', () => {
  it('is one for all runs, to the last call, where each gives back what it did not need', async () => {
    const [clock, book] = [recordingClock(noon), memoryBook()];
    let made = 0;
    for (let run = 0; run < 24; run += 1) {
      const day = dayOf(clock, book);
      made += await spend(day, 77);
      await day.settle();
    }
    expect(made).toBe(900);
  });

  it('is never overspent by several at once, and a killed one costs a block at most', async () => {
    const [clock, book] = [recordingClock(noon), memoryBook()];
    const killed = await spend(dayOf(clock, book), 60);
    const made = await Promise.all([1, 2, 3].map(() => spend(dayOf(clock, book))));
    const all = killed + made.reduce((sum, one) => sum + one, 0);
    expect(all).toBeLessThanOrEqual(900);
    expect(all).toBeGreaterThanOrEqual(900 - 50);
  });

  it('serves callers at the same time from one block, and writes once for it', async () => {
    const [clock, kept] = [recordingClock(noon), memoryBook()];
    let changes = 0;
    const book: AllowanceBook = {
      change: async (...given) => {
        changes += 1;
        return kept.change(...given);
      },
    };
    const day = dayOf(clock, book);
    await Promise.all(Array.from({ length: 45 }, () => day.take('GET /', 1)));
    expect(changes).toBe(1);
  });

  it('ends at the midnight of the vendor, and says when that is', async () => {
    // 12:00 UTC is 7:00 in Chicago, which is on summer time since the eighth.
    const [clock, book] = [recordingClock(noon), memoryBook()];
    const day = dayOf(clock, book, {}, { calls: 10, zone: 'America/Chicago' });
    expect(await spend(day)).toBe(9);
    const fault = await faultOf(day.take('GET /', 1));
    expect(fault).toMatchObject({ code: 'DAILY_ALLOWANCE', retryAfterMs: 17 * hour });
    expect(fault.message).toContain('9 of 10');
    clock.advance(17 * hour - 1);
    expect(await spend(dayOf(clock, book, {}, { calls: 10, zone: 'America/Chicago' }))).toBe(0);
    clock.advance(1);
    expect(await spend(day)).toBe(9);
  });

  it('lasts as long as the clocks of the zone make it', async () => {
    // The night to the eighth of March has 23 hours in Chicago.
    const [clock, book] = [recordingClock(Date.UTC(2026, 2, 8, 6)), memoryBook()];
    const day = dayOf(clock, book, {}, { calls: 1, zone: 'America/Chicago' });
    day.join({ pools: {}, reserve: 0 });
    await spend(day);
    expect((await faultOf(day.take('GET /', 1))).retryAfterMs).toBe(23 * hour);
  });

  it('does not wait for a clock that was ahead to come true', async () => {
    const book = memoryBook();
    await spend(dayOf(recordingClock(noon + 365 * 24 * hour), book), 10);
    const clock = recordingClock(noon);
    expect(await spend(dayOf(clock, book))).toBeGreaterThan(800);
    clock.advance(24 * hour);
    expect(await spend(dayOf(clock, book))).toBe(900);
  });

  it('is what the vendor says it is, in later runs too', async () => {
    const [clock, book] = [recordingClock(noon), memoryBook()];
    const usage = () => null;
    const day = dayOf(clock, book, { usage });
    await day.take('GET /', 1);
    day.learn({ limit: 1000, used: 880 });
    expect(await spend(day)).toBe(20);
    await day.settle();
    expect(await spend(dayOf(clock, book, { usage }))).toBe(0);
  });

  it('asks a vendor who may tell, one call for all processes, when its own count is spent', async () => {
    const [clock, book] = [recordingClock(noon), memoryBook()];
    const usage = () => null;
    const day = dayOf(clock, book, { usage });
    expect(await spend(day)).toBe(900);
    expect((await faultOf(day.take('GET /', 1))).retryAfterMs).toBe(hour / 4);
    clock.advance(hour / 4);
    const asked = await Promise.all([day, dayOf(clock, book, { usage })].map((one) => spend(one)));
    expect(asked.toSorted()).toEqual([0, 1]);
    clock.advance(hour / 4);
    await day.take('GET /', 1);
    day.learn({ limit: 1000, used: 100 });
    expect(await spend(day)).toBe(800);
  });
});
