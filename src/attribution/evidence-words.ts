/** How sure a model is of a share, as a salesperson reads it. */
import type { Evidence, Interval } from './model.ts';

/** `10 to 35 %, from 42 won deals`: of parts of 1, in whole percent. */
export function evidenceWords({ conversions }: Pick<Evidence, 'conversions'>, interval: Interval): string {
  return `${intervalWords(interval)}, from ${conversions} won ${conversions === 1 ? 'deal' : 'deals'}`;
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
