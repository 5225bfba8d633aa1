/** What is kept of how good a fit was when it was made. */
import type { Check } from '../../attribution/fit/checks.ts';
import type { DriftReport } from '../../attribution/fit/drift.ts';
import type { KeptFit } from '../../store/contract/fits.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';

export interface FitQuality {
  readonly figures: JsonObject;
  readonly checks: readonly Check[];
  /** Against the fit that was promoted then; null where there was none. */
  readonly drift: (DriftReport & { readonly from: string }) | null;
}

/** As `refit` has kept it. */
export function qualityOf({ quality }: Pick<KeptFit, 'quality'>): FitQuality {
  return JSON.parse(JSON.stringify(quality));
}

/** Mean loss on data that the fit has not seen, in nats: of a person (hazard), of a step (Markov). */
export function logLossOf({ figures }: FitQuality): number | null {
  const own = isJsonObject(figures.heldOut) ? figures.heldOut.logLoss : figures.logLoss;
  return typeof own === 'number' ? own : null;
}
