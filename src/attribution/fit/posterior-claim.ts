/** What a posterior claims for a channel among some people: the part of their conversions that it brought. */
import type { Observations } from '../hazard/observations.ts';
import { Helped } from '../posterior/helped.ts';
import type { PosteriorFit } from '../posterior/parameters.ts';
import { ratesAt } from '../posterior/rate.ts';
import { seenBy, someDraws } from './expected.ts';
import type { Claim } from './experiment.ts';

export function posteriorClaim(fit: PosteriorFit, treated: Observations, channel: string): Claim {
  const draws = someDraws(fit, fit.draws.length);
  const id = fit.channels.findIndex(({ name }) => name === channel);
  const sums = new Float64Array(draws.length);
  const seenOf = seenBy(fit, treated);
  const helped = new Helped(fit);
  let conversions = 0;
  treated.converted.forEach((converted, person) => {
    if (converted === 0) return;
    conversions += 1;
    const journey = seenOf(person);
    const factors = journey.touches.map(helped.of(journey.touches));
    draws.forEach((draw, index) => {
      const help = (at: number) => factors[at]?.[index] ?? 1;
      const { touches, whole } = ratesAt(draw, journey, fit.leastAge, help);
      journey.touches.forEach((touch, at) => {
        if (touch.channel === id) sums[index] = (sums[index] ?? 0) + (touches[at] ?? 0) / whole;
      });
    });
  });
  return spreadOf(Array.from(sums, (sum) => sum / Math.max(conversions, 1)));
}

function spreadOf(shares: readonly number[]): Claim {
  const share = shares.reduce((sum, one) => sum + one, 0) / Math.max(shares.length, 1);
  const squares = shares.reduce((sum, one) => sum + (one - share) ** 2, 0);
  return { share, error: Math.sqrt(squares / Math.max(shares.length - 1, 1)) };
}
