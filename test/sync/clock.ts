import type { Clock } from '../../src/support/clock.ts';

/**
 * Runs at the speed of real time and skips whatever anybody waits for: pacing, back-off and waits for a due
 * time are kept, and cost a test nothing. Emulators on the same clock see the same time.
 */
export function briskClock(start: number = Date.now()): Clock {
  const origin = performance.now();
  let skipped = 0;
  const now = () => Math.floor(start + performance.now() - origin + skipped);
  return {
    now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      const due = now() + ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      skipped += Math.max(0, due - now());
    },
  };
}
