/** Many resamples. */
import type { Basis } from '../hazard/fit.ts';
import { type Resample, resample } from './resample.ts';

export interface Bootstrap {
  readonly resamples: number;
  readonly seed: number;
}

/** Who watches while it runs. */
export interface Watching {
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((done: number, all: number) => void) | undefined;
}

/** One after the other, in this thread. */
export function bootstrapHere(
  basis: Basis,
  { resamples, seed }: Bootstrap,
  { signal, progress }: Watching = {},
): Resample[] {
  return Array.from({ length: resamples }, (_, index) => {
    signal?.throwIfAborted();
    const made = resample(basis, seed, index);
    progress?.(index + 1, resamples);
    return made;
  });
}
