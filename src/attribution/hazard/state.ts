/** A point with the two sums over all people and touches that its likelihood needs. */
import { personDays } from './baseline.ts';
import { shown } from './fading.ts';
import { partsOf } from './point.ts';
import type { WeightedSample } from './weights.ts';

export interface State {
  /** Log μ, slopes γ, log β by channel, log ω by channel: see `partsOf`. */
  readonly point: Float64Array;
  /** By channel: Σ over its touches of 1 − exp(−ω days), the part of their effect that had time to show. */
  readonly exposure: Float64Array;
  /** Σ over people of days × exp(γ·x). */
  readonly personDays: number;
}

/** One walk over all people and cells. */
export function stateAt(point: Float64Array, weighted: WeightedSample): State {
  const { slopes, logDecays } = partsOf(point, weighted.sample.channels);
  return {
    point,
    exposure: logDecays.map((logDecay, channel) => shown(weighted, channel, Math.exp(logDecay)).value),
    personDays: personDays(weighted, slopes),
  };
}
