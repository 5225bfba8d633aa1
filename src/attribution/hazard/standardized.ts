/** Covariates in comparable units, so that one prior fits all and the baseline stays that of an average person. */
export interface Scale {
  readonly mean: number;
  /** Standard deviation; 1 for a covariate that is the same for everybody. */
  readonly deviation: number;
}

export function scaleOf(values: Float64Array): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const deviation = Math.sqrt(variance);
  return { mean, deviation: deviation > Math.abs(mean) * 1e-12 ? deviation : 1 };
}

export function scaled(value: number, { mean, deviation }: Scale): number {
  return (value - mean) / deviation;
}

export function standardized(values: Float64Array): Float64Array {
  const scale = scaleOf(values);
  return values.map((value) => scaled(value, scale));
}
