/** The vendor's clock, read off its answers by a hub whose own may be wrong. */
import { describe, expect, test } from 'vitest';
import { VendorClock } from '../../src/connector/vendor-clock.ts';

const noon = Date.UTC(2026, 5, 30, 12);
const hour = 3_600_000;
const dateOf = (ms: number) => ({ date: new Date(ms).toUTCString() });

/** A hub whose clock is `ahead` ms before the vendor's; both move by hand. */
function pair(ahead: number) {
  const time = { vendor: noon, ahead };
  const now = () => time.vendor + time.ahead;
  const clock = new VendorClock({ now });
  const exchange = (lastsMs = 0) => {
    const sentAt = now();
    time.vendor += lastsMs;
    return clock.learn(dateOf(time.vendor), sentAt);
  };
  return { time, clock, exchange };
}

describe('the vendor’s clock', () => {
  test('is the hub’s own before the first answer', () => {
    const { clock } = pair(hour);
    expect([clock.now(), clock.skew()]).toEqual([noon + hour, null]);
  });

  test.each([hour, -hour, 0, 365 * 24 * hour])('is told by the first answer, %i ms apart', (ahead) => {
    const { time, clock, exchange } = pair(ahead);
    expect(exchange()).toEqual({ askedAt: noon, servedAt: noon });
    time.vendor += 5_000;
    expect([clock.now(), clock.skew()]).toEqual([time.vendor, ahead]);
  });

  test.each([hour, -hour])('follows when the hub’s clock is set anew by %i ms', (jump) => {
    const { time, clock, exchange } = pair(0);
    exchange();
    time.ahead = jump;
    exchange();
    expect([clock.now(), clock.skew()]).toEqual([time.vendor, jump]);
  });

  test('is never later than it is over there, however slow an answer was', () => {
    const { time, clock, exchange } = pair(700);
    for (const lastsMs of [30_000, 400, 9_000, 1, 250]) {
      const sentAt = time.vendor;
      const { askedAt = Number.NaN, servedAt = Number.NaN } = exchange(lastsMs) ?? {};
      expect(askedAt).toBeLessThanOrEqual(sentAt);
      expect(servedAt).toBeLessThanOrEqual(time.vendor);
      expect(time.vendor - servedAt).toBeLessThan(1_000);
      expect(clock.now()).toBeLessThanOrEqual(time.vendor);
    }
  });

  test('is not read off an answer without a Date, nor off one out of a cache', () => {
    const { clock } = pair(hour);
    expect(clock.learn({}, noon)).toBeUndefined();
    expect(clock.learn({ date: 'yesterday' }, noon)).toBeUndefined();
    expect(clock.learn({ ...dateOf(noon - hour), age: '3600' }, noon)).toBeUndefined();
    expect(clock.skew()).toBeNull();
  });
});
