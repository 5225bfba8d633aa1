/**
 * What the hazard model is fitted to: people who were watched from time 0 to their end, and their touches, as
 * columns. Those who did not convert are in it: their time without a conversion is what tells an effect from a
 * coincidence.
 */
export interface Observations {
  readonly channels: readonly string[];
  readonly covariates: readonly Covariate[];
  /** Days from the start of watching to the conversion, or to the end of watching. One per person. */
  readonly end: Float64Array;
  /** 1: converted at `end`. One per person. */
  readonly converted: Uint8Array;
  /** 1: a deal, whose time is its window. Absent: not known of anybody. */
  readonly isDeal?: Uint8Array;
  /** The touches of person p are `[starts[p], starts[p + 1])`. */
  readonly starts: Int32Array;
  /** Index into `channels`. One per touch. */
  readonly channel: Int32Array;
  /** Days since the start of watching, `0 ≤ time ≤ end`. One per touch. */
  readonly time: Float64Array;
}

/** What is known of a person from the start, such as a lead score or the size of the company. */
export interface Covariate {
  readonly name: string;
  /** One per person. */
  readonly values: Float64Array;
}

/** How often each channel touched anybody. */
export function touchCounts({ channels, channel }: Observations): Int32Array {
  const counts = new Int32Array(channels.length);
  for (const one of channel) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
