/** How sure a model is of a share, as a salesperson reads it. */
import type { Evidence, Interval } from './model.ts';

/**
 * What words on a deal say of a share: in four of five deals it is in there. Wider intervals would be held by ends that
 * nobody expects; the deal's details have the 95 %.
 */
export const likelyLevel = 0.8;

/**
 * `likely 10 to 35 %, from 42 won deals`: of parts of 1, in whole percent.
 *
 * @param interval of `likelyLevel`
 */
export function evidenceWords({ conversions }: Pick<Evidence, 'conversions'>, interval: Interval): string {
  return `likely ${intervalWords(interval)}, from ${conversions} won ${conversions === 1 ? 'deal' : 'deals'}`;
}

/** `10 to 35 %`; `12 %` where both ends are that; `under 1 %` where it is next to nothing. */
export function intervalWords({ low, high }: Interval): string {
  const [from, to] = [wholePercent(low), wholePercent(high)];
  if (to === 0) return high > 0 ? 'under 1 %' : '0 %';
  return from === to ? `${to} %` : `${from} to ${to} %`;
}

function wholePercent(part: number): number {
  return Math.round(part * 100);
}
