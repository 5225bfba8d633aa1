/** Whether a fit says anything that the promoted one does not: salespeople do not want credit that trembles. */
import type { Check } from '../../attribution/fit/checks.ts';
import type { Drifting } from '../../attribution/fit/drift.ts';
import type { FittedKind } from '../attribute/kinds/kind.ts';
import { driftingOf, type Kept } from './drift.ts';

export function news(kind: FittedKind, before: Kept, after: Kept, least: number): Check {
  const [one, other] = [driftingOf(kind, before), driftingOf(kind, after)];
  const moved = movedCredit(one, other);
  const byDraws = least === 0 ? 0 : Math.hypot(movedByDraws(one), movedByDraws(other));
  const why = byDraws > least ? ', as other draws of the same data move as much' : '';
  const worth = Math.max(least, byDraws);
  return {
    name: 'says something new',
    passed: moved >= worth,
    words: `It moves ${percent(moved)} of all credit; ${percent(worth)} are worth a change${why}.`,
  };
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}

/** The part of all credit that other draws of the same data are expected to move: the mean of a half-normal each. */
function movedByDraws({ shares, draws }: Drifting): number {
  if (draws === undefined || draws <= 0) return 0;
  const errors = shares.reduce((sum, { error }) => sum + error, 0);
  return (Math.sqrt(2 / Math.PI) * errors) / Math.sqrt(draws) / 2;
}

/** The part of all credit that goes to another channel: half the sum of the differences. */
export function movedCredit(before: Drifting, after: Drifting): number {
  const shares = new Map(before.shares.map(({ channel, share }) => [channel, -share]));
  for (const { channel, share } of after.shares) shares.set(channel, (shares.get(channel) ?? 0) + share);
  return [...shares.values()].reduce((sum, one) => sum + Math.abs(one), 0) / 2;
}
