/** The first conversion of a person whose rate has no simple inverse, by thinning (Lewis and Shedler 1979, Ogata 1981). */
import type { Random } from '../random.ts';
import { anyway, type SimulatedTouch } from './life.ts';

/** How the rate of conversion follows from the touches so far, oldest first. */
export interface RateProcess {
  /** Of what comes anyway, then what each touch adds to the rate that is there without it. */
  rates(touches: readonly SimulatedTouch[], time: number): readonly number[];
  /** At this time and from now until the next touch, the sum of the rates is no higher. */
  bound(touches: readonly SimulatedTouch[], time: number): number;
}

export interface FirstConversion {
  /** Days. */
  readonly time: number;
  /** Index of the touch, or `anyway`. */
  readonly cause: number;
}

/** Beyond the window where there is none. */
export function firstByThinning(
  { rates, bound }: RateProcess,
  touches: readonly SimulatedTouch[],
  windowDays: number,
  random: Random,
): FirstConversion {
  let [time, seen] = [0, 0];
  while (time <= windowDays) {
    const known = touches.slice(0, seen);
    const most = bound(known, time);
    const candidate = time + random.exponential(most);
    const next = touches[seen]?.time ?? Number.POSITIVE_INFINITY;
    time = Math.min(candidate, next);
    if (next <= candidate) {
      seen += 1;
      continue;
    }
    if (time > windowDays) break;
    const place = picked(rates(known, time), random.uniform() * most);
    if (place >= 0) return { time, cause: place - 1 };
  }
  return { time: Number.POSITIVE_INFINITY, cause: anyway };
}

/** Where the point lies in the pile of rates; −1 above it. */
function picked(rates: readonly number[], point: number): number {
  let left = point;
  return rates.findIndex((rate) => {
    left -= rate;
    return left < 0;
  });
}
