/** What the hub asks of a model that comes from data: to be fitted, and to be applied years later. */
import type { Check } from '../../../attribution/fit/checks.ts';
import type { Drifting } from '../../../attribution/fit/drift.ts';
import type { Claim } from '../../../attribution/fit/experiment.ts';
import type { DataWindow } from '../../../attribution/fit/snapshot.ts';
import type { Observations } from '../../../attribution/hazard/observations.ts';
import type { Model } from '../../../attribution/model.ts';
import type { Json, JsonObject } from '../../../support/json.ts';

export interface TrainingPlan {
  readonly window: DataWindow;
  readonly resamples: number;
  readonly seed: number;
  readonly lookbackDays: number;
  readonly minConversions: number;
  /** Snapshot of the fit that credits deals now. */
  readonly promoted: JsonObject | null;
}

export interface Trained {
  /** Named by all that is in the snapshot. */
  readonly version: string;
  /** All that is needed to apply the fit. */
  readonly snapshot: JsonObject;
  readonly counts: Readonly<Record<string, number>>;
  /** Figures of how good it is. */
  readonly quality: JsonObject;
  /** It may be promoted when every one has passed. */
  readonly checks: readonly Check[];
}

/** A fit as this kind has kept it, made ready. */
export interface OpenedFit {
  /** Absent where the fit may not credit deals, even if it was promoted. */
  readonly model?: Model;
  /** Why it may not: the end of a sentence that begins with the kind's title. */
  readonly unfit?: string;
  /** What it claims for a channel among some people, where it can. */
  readonly claim?: (people: Observations, channel: string) => Claim;
  /** What it can be compared by. */
  readonly drifting: Drifting;
}

export interface FittedKind {
  readonly id: string;
  /** As the subject of a sentence. */
  readonly title: string;
  /** Won deals that a fit needs to credit deals, where the settings give no number. */
  readonly leastConversions: number;
  /** Pure and slow. Needs conversions. */
  train(observations: Observations, plan: TrainingPlan): Trained;
  /** Throws a `Problem` for what it cannot read. `where` names the fit. */
  open(snapshot: Json, where: string): OpenedFit;
}
