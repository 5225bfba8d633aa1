import { expect } from 'vitest';

/** Far above what a loaded machine needs for a right form, far below the minutes to years of a wrong one. */
const mostMs = 30_000;

/**
 * Runs work that a wrong form would never end on this input (steps that grow with the square of megabytes, or with a
 * power). Counts what this process computed, not what the clock shows, so that a busy machine changes nothing.
 */
export function endsSoon(work: () => unknown): void {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(mostMs);
}
