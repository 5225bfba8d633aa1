/**
 * What an attribution model is. A model splits one journey; fitted models carry their parameters as a
 * versioned snapshot, so that applying one to a deal is pure and repeatable.
 */

/** One touch of a deal's journey, oldest first. */
export interface Touch {
  readonly eventId: string;
  /** Ms UTC. */
  readonly time: number;
  readonly channel: string;
  readonly type: string;
  /** Entity id of the person who was touched. */
  readonly person: string;
}

export type Milestone = 'firstTouch' | 'leadCreated' | 'dealCreated' | 'closed';

export interface Journey {
  /** Within the lookback window, oldest first; ties ordered by event id. */
  readonly touches: readonly Touch[];
  /** When the deal closed, or "as of" now while it is open, ms. */
  readonly conversionTime: number;
  readonly converted: boolean;
  readonly milestones: Readonly<Partial<Record<Milestone, number>>>;
  /** What is known of the people, under the names of a fit's covariates; absent: unknown. */
  readonly covariates?: Readonly<Record<string, number>>;
}

/** Shares of the touches in their order, each ≥ 0; with `baseline` they sum to 1 (to 0 for no touches and no baseline). */
export interface Split {
  readonly shares: readonly number[];
  /** What would have happened anyway; 0 for rule-based models. */
  readonly baseline: number;
  /** One plain sentence per touch, for the salesperson who asks why. */
  reason(index: number): string;
  /** Of models that know chances: what the touch did to the chance of converting by then. */
  counterfactual?(index: number): Counterfactual;
  /**
   * Of models that know what a touch adds: the shares had only that not been, everything else of the journey as it
   * was. Absent where a share rests on the journey's form alone, so that the rest has to be split anew.
   */
  without?(index: number): readonly number[];
}

/** Chances, 0 to 1, of having converted by the end of the journey. */
export interface Counterfactual {
  readonly with: number;
  readonly without: number;
}

/** The middle part of what draws or resamples gave: 95 % where nothing else is said. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What a model that comes from data can say of how sure it is. */
export interface Evidence {
  /** Conversions that it was fitted to. */
  readonly conversions: number;
  /**
   * Of the share that these touches (by index) have together: of everything, or of what all touches have when the
   * baseline is left out.
   *
   * @param level 0.95 unless given
   */
  interval(
    journey: Journey,
    touches: readonly number[],
    of: 'everything' | 'touches',
    level?: number,
  ): Interval;
}

export interface Model {
  /** `linear`, `time-decay`, `markov:2`, `hazard` … */
  readonly id: string;
  readonly title: string;
  /** The definition in one sentence, with its numbers. */
  readonly definition: string;
  /** `rule`, or the version of the fit that it applies. */
  readonly version: string;
  /** Absent for rules, which know nothing of data. */
  readonly evidence?: Evidence;
  split(journey: Journey): Split;
}
