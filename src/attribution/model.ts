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
}

/** Shares of the touches in their order, each ≥ 0; with `baseline` they sum to 1 (to 0 for no touches and no baseline). */
export interface Split {
  readonly shares: readonly number[];
  /** What would have happened anyway; 0 for rule-based models. */
  readonly baseline: number;
  /** One plain sentence per touch, for the salesperson who asks why. */
  reason(index: number): string;
}

export interface Model {
  /** `linear`, `time-decay`, `markov:2`, `hazard` … */
  readonly id: string;
  readonly title: string;
  /** The definition in one sentence, with its numbers. */
  readonly definition: string;
  /** `rule`, or the version of the fit that it applies. */
  readonly version: string;
  split(journey: Journey): Split;
}
