/** Credit as lines, one for each touch and one for the baseline: how it is read by people. */
import type { CreditLine, GivenCredit } from '../contract/credits.ts';

export const baselineTouch = 'baseline';

export function linesOf(dealId: string, model: string, given: GivenCredit): CreditLine[] {
  const { version, currency, touches, shares, minors, baseline } = given;
  const own = { dealId, model, version, currency };
  const lines: CreditLine[] = touches.map((touch, index) => ({
    ...touch,
    ...own,
    share: shares[index] ?? 0,
    amountMinor: minors[index] ?? 0,
    reason: given.reason(index),
  }));
  if (baseline === null) return lines;
  const { minor, ...told } = baseline;
  return [...lines, { ...own, touch: baselineTouch, channel: baselineTouch, ...told, amountMinor: minor }];
}
