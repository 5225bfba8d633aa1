/** Why a touch has its share by a posterior, in one sentence. */
import { reasonWith } from '../hazard/reason.ts';
import type { Counterfactual, Journey } from '../model.ts';
import { inDays } from '../when.ts';
import type { PosteriorFit } from './parameters.ts';

export function reason(
  fit: PosteriorFit,
  journey: Journey,
  index: number,
  { share, ...chances }: Counterfactual & { readonly share: number },
): string {
  const touch = journey.touches[index];
  if (!touch) return '';
  const { channel } = touch;
  if (fit.causedByDeal.includes(channel))
    return `The deal brings its ${channel} touches about, so they get no credit.`;
  const known = fit.channels.find(({ name }) => name === channel);
  const effect = known
    ? `half of the effect of ${channel} touches comes within ${inDays(known.halfLifeDays.mean)}`
    : `${channel} is a channel that the fit has not seen and counts as an average one`;
  return reasonWith(effect, journey, touch, share, chances);
}
