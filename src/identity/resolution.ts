/** What resolving says of some contributions. */
import type { GrowthFound } from '../canonical/growth.ts';
import type { Contribution } from '../canonical/model.ts';
import type { Pairing } from '../canonical/pairs.ts';
import type { Refusal } from './guard.ts';

export interface Cluster {
  /** Named after the eldest contribution, so that later arrivals rarely rename it. */
  readonly entityId: string;
  /** Eldest first. */
  readonly contributions: readonly Contribution[];
  /** Key texts that lead here and to no other cluster. */
  readonly keys: readonly string[];
  /** Text of a key that several people hold, and nobody knows which of them this is: no record is made of it. */
  readonly held: string | null;
}

/** A key that would have joined what something else tells apart; it joined none of them. */
export interface Ambiguity {
  readonly key: string;
  readonly reason: Refusal;
  /** Those that it did not join, sorted; a few of them where there are many. */
  readonly entityIds: readonly string[];
  /** Names of contributions that hold it, those of records first; a few of them where there are many. */
  readonly names: readonly string[];
  /** How many hold it. */
  readonly holders: number;
}

export interface Resolution {
  readonly clusters: readonly Cluster[];
  readonly ambiguities: readonly Ambiguity[];
  /** Pairs to be remembered: they stay one when the key that they share changes. */
  readonly pairings: readonly Omit<Pairing, 'at'>[];
  /** Remembered pairs that hold no more. */
  readonly ended: readonly Pairing[];
  /** There where one more statement like those that are there would only add itself. */
  readonly growth?: GrowthFound;
}
