/** Stage 4: what chats earned, and how it was computed. */

/** A touch as credit can be grouped by it. */
export interface CreditTouch {
  /** Event id of the touch; `baseline` for what would have happened anyway. */
  readonly touch: string;
  readonly channel: string;
  readonly time: number;
  // Where the touch came from, as far as that is told.
  readonly campaign?: string;
  readonly source?: string;
  readonly medium?: string;
  readonly content?: string;
  /** What a chat was about. */
  readonly topic?: string;
  /** Which bot talked. */
  readonly bot?: string;
}

export interface CreditLine extends CreditTouch {
  readonly dealId: string;
  readonly model: string;
  readonly share: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
  readonly version: string;
}

/** What credit can be grouped by. */
export const creditGroups = ['channel', 'campaign', 'source', 'medium', 'content', 'topic', 'bot'] as const;

export type CreditGroup = (typeof creditGroups)[number];

/** What one model makes of a deal. */
export interface ModelCredit {
  readonly model: string;
  /** Slow: asked for only where it may not be what is kept. */
  given(): GivenCredit;
}

/** A number for each touch of the deal, in their order. Without touches and baseline there is no credit. */
export interface GivenCredit {
  readonly version: string;
  readonly currency: string;
  /** One array for all models of a deal: what is made of it is made once. */
  readonly touches: readonly CreditTouch[];
  readonly shares: readonly number[];
  readonly minors: readonly number[];
  /** Why the touch at a position has its share. */
  reason(index: number): string;
  /** What would have happened anyway; null: the model knows of none. */
  readonly baseline: (Pick<CreditLine, 'time' | 'share' | 'reason'> & { readonly minor: number }) | null;
}

/** Models that make of the same facts what they made of them under the rules of this name. */
export type UnchangedSince = (rules: string) => Promise<ReadonlySet<string>>;

/** One computing of a deal's credit: what came out, and all that is needed to compute it again. */
export interface Computation {
  readonly dealId: string;
  readonly at: number;
  /** Where the journey ended. */
  readonly endedAt: number;
  /** The time that the deal shows: that of the first computing with this outcome. Null: it shows none. */
  readonly toldAt: number | null;
  /** Names the models and settings. */
  readonly rules: string;
  /** What was known of the deal; null: there is nothing to credit. */
  readonly facts: { readonly hash: string; readonly body: string } | null;
  readonly models: readonly ModelCredit[];
  /** Everything else that came out (what is written onto the deal), as a hash. */
  readonly written: string;
  /** When it is to be computed again because time has passed; absent or null: not for that. */
  readonly dueAt?: number | null;
}

/** A computation as it is kept: of its outcome only what proves that computing it again gave the same. */
export interface KeptComputation extends Omit<Computation, 'facts' | 'models' | 'written' | 'dueAt'> {
  /** Null: there was nothing to credit. */
  readonly facts: string | null;
  /** See `digestsOf`. */
  readonly digests: Readonly<Record<string, string>>;
}

export interface Credits {
  /**
   * Puts these lines in the place of the deals' earlier ones. What came out as before is not written again; of what
   * came out different, or from other facts, it is kept how it was computed. Where a deal's facts are those of its last
   * computation, models that are unchanged since then are not asked for their lines.
   */
  keep(computed: readonly Computation[], unchanged?: UnchangedSince): Promise<void>;
  /** When deals last came out otherwise, and of how many touches they are credited; those never computed are left out. */
  lastOf(dealIds: readonly string[]): Promise<ReadonlyMap<string, LastCredit>>;
  /** Whether any deal is to be credited again by then. */
  isDue(at: number): Promise<boolean>;
  /** Takes the deals that are to be credited again by then off the list; they come onto it again when they are kept. */
  takeDue(at: number): Promise<string[]>;
  /** The last computation up to a time; null when the deal had none yet. */
  computedBy(dealId: string, at: number): Promise<KeptComputation | null>;
  /** All that is kept of one deal, oldest first. */
  computations(dealId: string): Promise<KeptComputation[]>;
  /** Takes out of the past what is kept of deals of these records' people (erasure). Returns the deals. */
  forget(refs: readonly string[]): Promise<string[]>;
  ofDeal(dealId: string): Promise<CreditLine[]>;
  /** Sums of these deals by model, currency, and channel or what else they are to be grouped by. */
  totals(dealIds: readonly string[], by?: CreditGroup): Promise<CreditTotal[]>;
}

export interface LastCredit {
  /** ms. */
  readonly at: number;
  readonly touches: number;
}

export interface CreditTotal {
  readonly model: string;
  /** What it was grouped by: a channel, unless asked otherwise. Null: nothing is told. */
  readonly channel: string | null;
  readonly share: number;
  readonly amountMinor: number;
  readonly currency: string;
}
