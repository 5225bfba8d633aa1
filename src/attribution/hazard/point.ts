/** A point of the search: one vector, in logarithms where a parameter must be positive, so that any is legal. */
import type { Parameters } from './parameters.ts';

/** The named parts of a point, as views. */
export interface Parts {
  readonly logBaseline: number;
  readonly slopes: Float64Array;
  readonly logEffects: Float64Array;
  readonly logDecays: Float64Array;
}

export function partsOf(point: Float64Array, channels: number): Parts {
  const slopes = point.length - 1 - 2 * channels;
  return {
    logBaseline: point[0] ?? 0,
    slopes: point.subarray(1, 1 + slopes),
    logEffects: point.subarray(1 + slopes, 1 + slopes + channels),
    logDecays: point.subarray(1 + slopes + channels),
  };
}

export function pointOf({ baseline, slopes, effects, decays }: Parameters): Float64Array {
  return Float64Array.of(Math.log(baseline), ...slopes, ...effects.map(Math.log), ...decays.map(Math.log));
}

export function parametersOf(point: Float64Array, channels: number): Parameters {
  const { logBaseline, slopes, logEffects, logDecays } = partsOf(point, channels);
  return {
    baseline: Math.exp(logBaseline),
    slopes: [...slopes],
    effects: Array.from(logEffects, Math.exp),
    decays: Array.from(logDecays, Math.exp),
  };
}
