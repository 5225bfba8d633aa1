/** Models fitted to data, and which of them are in force. */
import type { JsonObject } from '../../support/json.ts';

/** A model fitted to data. Once promoted it is kept for good, so that what it credited can be credited again. */
export interface Fit {
  /** Names the parameters, not the moment: the same data give the same version. */
  readonly version: string;
  /** Id of the model: `hazard`, `markov:2` … */
  readonly model: string;
  readonly fittedAt: number;
  /** The time from which its data come, ms. */
  readonly window: { readonly from: number; readonly to: number };
  readonly counts: Readonly<Record<string, number>>;
  readonly quality: JsonObject;
  /** Everything that is needed to apply it. */
  readonly snapshot: JsonObject;
}

export interface KeptFit extends Omit<Fit, 'snapshot'> {
  /** `promoted`: credits deals; `retired`: did so once; `candidate`: never did. */
  readonly status: 'candidate' | 'promoted' | 'retired';
  /** When it last began to credit deals, and when it ceased to. */
  readonly promotedAt: number | null;
  readonly retiredAt: number | null;
}

export interface Promotion {
  readonly model: string;
  /** What credits deals from then on; null: no fit of this model does. */
  readonly version: string | null;
  readonly at: number;
  readonly what: 'promoted' | 'rolled back';
}

export interface Fits {
  /** A version that is there already stays as it is. Returns whether it was new. */
  save(fit: Fit): Promise<boolean>;
  /** Newest first. */
  list(filter?: { model?: string; limit?: number }): Promise<KeptFit[]>;
  get(version: string): Promise<(KeptFit & Fit) | null>;
  /**
   * Takes out what no deal and no promotion ever rested on, but for the `keep` newest fits of the model. Returns how
   * many.
   */
  prune(model: string, keep: number): Promise<number>;
  /** The version that credits deals, or that did at a time. */
  promoted(model: string, at?: number): Promise<string | null>;
  /** False when the version is unknown, or credits deals already. */
  promote(version: string, at: number): Promise<boolean>;
  /** Back to the version before the present one, or to none. Null when the model has no promoted fit. */
  rollback(model: string, at: number): Promise<Promotion | null>;
  /** Oldest first. */
  promotions(filter?: { model?: string }): Promise<Promotion[]>;
  /** Another number after every promotion and rollback, by whatever process. */
  turn(): Promise<number>;
}
