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

/** Conversions per day at the end of the journey. */
export function ratesAt(draw: Draw, journey: SeenJourney, leastAge: number): Rates {
  return parts(
    draw,
    journey,
    baselineOf(draw, journey),
    (shape, halfLife, age) => (shapes[shape] ?? shapes[0])?.density(Math.max(age, leastAge), halfLife) ?? 0,
  );
}

/** Conversions that were to be expected in all the time of the journey. */
export function expectedBy(draw: Draw, journey: SeenJourney): Rates {
  return parts(
    draw,
    journey,
    baselineOf(draw, journey) * journey.days,
    (shape, halfLife, age) => (shapes[shape] ?? shapes[0])?.cumulative(age, halfLife) ?? 0,
  );
}

function parts(
  { channels }: Draw,
  { touches }: SeenJourney,
  baseline: number,
  kernel: (shape: number, halfLife: number, age: number) => number,
): Rates {
  let whole = baseline;
  const own = new Float64Array(touches.length);
  for (let index = 0; index < touches.length; index += 1) {
    const touch = touches[index];
    const drawn = touch && channels[touch.channel];
    if (!drawn) continue;
    // Powers are slow, and most ranks or tirings need none.
    const fresh = touch.rank === 1 || drawn.tiring === 0 ? 1 : touch.rank ** -drawn.tiring;
    const rate = drawn.effect * fresh * kernel(drawn.shape, drawn.halfLifeDays, touch.ageDays);
    own[index] = rate;
    whole += rate;
  }
  return { baseline, touches: own, whole };
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
