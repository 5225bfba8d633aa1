/** Time as a parameter: milliseconds since the epoch, UTC. Pure code and tests pass their own. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, rejects with the signal's reason when cancelled. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const cancel = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', cancel);
        resolve();
      }, ms);
      signal?.addEventListener('abort', cancel, { once: true });
    }),
};

/** The system's clock as if it had just been `start` (ms): for worlds that have their own today. */
export function shiftedClock(start: number): Clock {
  const shift = start - Date.now();
  return { now: () => Date.now() + shift, sleep: systemClock.sleep };
}

/** ISO 8601 in UTC, the only form in which a time leaves the hub. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
