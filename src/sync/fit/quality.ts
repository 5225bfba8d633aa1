/** What is kept of how good a fit was when it was made. */
import type { Check } from '../../attribution/fit/checks.ts';
import type { DriftReport } from '../../attribution/fit/drift.ts';
import type { KeptFit } from '../../store/contract.ts';
import type { JsonObject } from '../../support/json.ts';

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
