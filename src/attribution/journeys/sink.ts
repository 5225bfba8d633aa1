/**
 * Where journeys go. Every model here is a function of integer counts, so that it can be fed a file line by line,
 * a table of distinct journeys, or one journey at a time, in any order, with the same result to the last bit.
 */
export interface JourneySink {
  /**
   * Takes as many journeys with the same touches as the outcome counts.
   *
   * @param touches channel ids, oldest first, in `[0, length)`; the caller reuses the array
   * @param length at least 1
   * @param outcome what became of them; the caller reuses the object
   * @param ages days from each touch to the end of the journey, where they are known; the caller reuses the array
   */
  add(touches: Int32Array, length: number, outcome: Outcome, ages?: Float64Array): void;
}

/** Whole numbers all of them. All below zero, or zero: these journeys are taken out again. */
export interface Outcome {
  /** How many of the journeys converted. */
  readonly conversions: number;
  /** How many did not. */
  readonly nulls: number;
  /** Whole part of the value of all these conversions together. */
  readonly units: number;
  /** Its fraction in billionths, `0 ≤ nanos < 1e9`; a value needs a conversion. */
  readonly nanos: number;
}

/** What became of `times` journeys of which no value is known. */
export function outcomeOf(converted: boolean, times = 1): Outcome {
  return { conversions: converted ? times : 0, nulls: converted ? 0 : times, units: 0, nanos: 0 };
}

/** One pass over the data for several models. */
export class Several implements JourneySink {
  readonly #sinks: readonly JourneySink[];

  constructor(sinks: readonly JourneySink[]) {
    this.#sinks = sinks;
  }

  add(touches: Int32Array, length: number, outcome: Outcome, ages?: Float64Array): void {
    for (const sink of this.#sinks) sink.add(touches, length, outcome, ages);
  }
}
