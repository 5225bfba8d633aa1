/** Intervals of differences and ratios from the intervals of their parts. */
import type { Interval } from '../model.ts';

/** A number with its 95 % interval. */
export interface Estimated {
  readonly value: number;
  readonly interval: Interval;
}

const normal = 1.959964;

/** A share of `count` among `all`, with the score interval (Wilson 1927). */
export function proportion(count: number, all: number): Estimated {
  const value = count / all;
  const centre = (value + normal ** 2 / (2 * all)) / (1 + normal ** 2 / all);
  const half =
    (normal * Math.sqrt((value * (1 - value)) / all + normal ** 2 / (4 * all ** 2))) /
    (1 + normal ** 2 / all);
  return { value, interval: { low: Math.max(0, centre - half), high: Math.min(1, centre + half) } };
}

/** With a normal error. */
export function measuredWith(value: number, error: number): Estimated {
  return { value, interval: { low: value - normal * error, high: value + normal * error } };
}

export function times({ value, interval }: Estimated, factor: number): Estimated {
  return { value: value * factor, interval: { low: interval.low * factor, high: interval.high * factor } };
}

/** First minus second, independent of each other (Newcombe 1998, method 10). */
export function difference(first: Estimated, second: Estimated): Estimated {
  const value = first.value - second.value;
  const down = Math.hypot(first.value - first.interval.low, second.interval.high - second.value);
  const up = Math.hypot(first.interval.high - first.value, second.value - second.interval.low);
  return { value, interval: { low: value - down, high: value + up } };
}

/**
 * First by second, independent of each other: the ratios r for which first − r × second may be 0 (Donner and Zou
 * 2012). Null where the second may be 0 or less: then any ratio may be.
 */
export function ratio(first: Estimated, second: Estimated): Estimated | null {
  if (second.interval.low <= 0) return null;
  return {
    value: first.value / second.value,
    interval: { low: bound(first, second, -1), high: bound(first, second, 1) },
  };
}

/** The root of (θ₁ − r θ₂)² = d₁² + r² d₂² on one side; each d is the distance to the end that counts there. */
function bound(first: Estimated, second: Estimated, side: 1 | -1): number {
  const end = side < 0 ? first.interval.low : first.interval.high;
  const far = side < 0 === end >= 0 ? second.interval.high : second.interval.low;
  const square = second.value ** 2 - (far - second.value) ** 2;
  const mixed = first.value * second.value;
  const rest = first.value ** 2 - (end - first.value) ** 2;
  return (mixed + side * Math.sqrt(Math.max(0, mixed ** 2 - square * rest))) / square;
}
