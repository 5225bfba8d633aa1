/** What one draw of the posterior says of one journey. */
import type { SeenJourney } from './history.ts';
import { shapes } from './kernels.ts';
import type { Draw } from './parameters.ts';

export interface Rates {
  readonly baseline: number;
  /** By touch; 0 for those that are left out. */
  readonly touches: Float64Array;
  /** Baseline and touches together. */
  readonly whole: number;
}

/**
 * Conversions per day at the end of the journey.
 *
 * @param help by touch, what other channels make of it: see `Helped`
 */
export function ratesAt(
  draw: Draw,
  journey: SeenJourney,
  leastAge: number,
  help: (touch: number) => number,
): Rates {
  const baseline = baselineOf(draw, journey);
  let whole = baseline;
  const touches = new Float64Array(journey.touches.length);
  journey.touches.forEach(({ channel, ageDays, rank }, index) => {
    const drawn = draw.channels[channel];
    if (!drawn) return;
    const density = (shapes[drawn.shape] ?? shapes[0])?.density(
      Math.max(ageDays, leastAge),
      drawn.halfLifeDays,
    );
    const rate = drawn.effect * rank ** -drawn.tiring * (density ?? 0) * help(index);
    touches[index] = rate;
    whole += rate;
  });
  return { baseline, touches, whole };
}

/** Conversions per day that come anyway. */
export function baselineOf({ baseline, slopes }: Draw, { covariates, intent }: SeenJourney): number {
  let lean = 0;
  covariates.forEach((value, index) => {
    lean += (slopes[index] ?? 0) * value;
  });
  const slope = slopes[covariates.length] ?? 0;
  if (intent) lean += slope * intent.mean + (slope ** 2 * intent.variance) / 2;
  return baseline * Math.exp(lean);
}
