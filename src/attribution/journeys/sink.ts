/**
 * Where journeys go. Every model here is a function of integer counts, so that it can be fed a file line by line,
 * a table of distinct journeys, or one journey at a time, in any order, with the same result to the last bit.
 */
export interface JourneySink {
  /**
   * Takes `conversions + nulls` journeys with the same touches. All four numbers below zero take them out again.
   *
   * @param touches channel ids, oldest first, in `[0, length)`; the caller reuses the array
   * @param length at least 1
   * @param conversions how many of them converted, a whole number
   * @param nulls how many did not, a whole number
   * @param units whole part of the value of all these conversions together
   * @param nanos its fraction in billionths, `0 ≤ nanos < 1e9`; a value needs a conversion
   * @param ages days from each touch to the end of the journey, where they are known; the caller reuses the array
   */
  add(
    touches: Int32Array,
    length: number,
    conversions: number,
    nulls: number,
    units: number,
    nanos: number,
    ages?: Float64Array,
  ): void;
}

/** One pass over the data for several models. */
export class Several implements JourneySink {
  readonly #sinks: readonly JourneySink[];

  constructor(sinks: readonly JourneySink[]) {
    this.#sinks = sinks;
  }

  add(
    touches: Int32Array,
    length: number,
    conversions: number,
    nulls: number,
    units: number,
    nanos: number,
    ages?: Float64Array,
  ): void {
    for (const sink of this.#sinks) sink.add(touches, length, conversions, nulls, units, nanos, ages);
  }
}
