/** A point of the search: one vector, in logarithms where a parameter must be positive, so that any is legal. */

/** The named parts of a point, as views: writing to them writes to the point. */
export interface Parts {
  /** Log μ; one cell. */
  readonly logBaseline: Float64Array;
  /** γ by covariate, and b where there is intent. */
  readonly slopes: Float64Array;
  /** Log β by channel. */
  readonly logEffects: Float64Array;
  /** Log ω by channel. */
  readonly logDecays: Float64Array;
}

export function partsOf(point: Float64Array, channels: number): Parts {
  const effects = point.length - 2 * channels;
  return {
    logBaseline: point.subarray(0, 1),
    slopes: point.subarray(1, effects),
    logEffects: point.subarray(effects, effects + channels),
    logDecays: point.subarray(effects + channels),
  };
}

export function pointOf({ logBaseline, slopes, logEffects, logDecays }: Parts): Float64Array {
  return Float64Array.of(...logBaseline, ...slopes, ...logEffects, ...logDecays);
}
