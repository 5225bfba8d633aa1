import type { Clock } from '../support/clock.ts';

/** Time that passes only when somebody sleeps or the test says so; shared by connector and emulator. */
export interface VirtualClock extends Clock {
  advance(ms: number): void;
}

/** A sleep ends as soon as all other work has had its turn; of parallel sleeps the longest counts. */
export function virtualClock(start: number): VirtualClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      const due = now + ms;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      now = Math.max(now, due);
    },
  };
}
