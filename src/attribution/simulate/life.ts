/** What a simulated life consists of. */

/** The cause of a conversion that no touch brought. */
export const anyway = -1;

export interface Life {
  /** Standard normal, or with heavier tails where the scenario says so. */
  readonly intent: number;
  readonly converted: boolean;
  /** Days: of the conversion, or the end of the window. */
  readonly end: number;
  /** Those up to the end, oldest first. */
  readonly touches: readonly SimulatedTouch[];
  /** Index of the touch that caused the conversion, or `anyway`. */
  readonly cause: number;
  /** The rate at the end, per day: what came anyway, then what each touch added. */
  readonly rates: readonly number[];
}

export interface SimulatedTouch {
  /** Days. */
  readonly time: number;
  /** Index of the scenario's channel. */
  readonly channel: number;
}

/** To a millionth of a day, so that a file of it reads well and loses nothing. */
export function printable(days: number): number {
  return Math.round(days * 1e6) / 1e6;
}
