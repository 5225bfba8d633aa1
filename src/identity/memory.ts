/** What is known beside the contributions themselves. */
import { type Decision, defaultLimits, type Limits, type Pairing } from '../canonical/pairs.ts';

export interface Memory {
  readonly pairings: readonly Pairing[];
  readonly decisions: readonly Decision[];
  /** Texts of keys that more share than may be looked at here. */
  readonly crowds: ReadonlySet<string>;
  readonly limits: Limits;
}

export const noMemory: Memory = { pairings: [], decisions: [], crowds: new Set(), limits: defaultLimits };
