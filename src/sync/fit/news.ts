/** Whether a fit says anything that the promoted one does not: salespeople do not want credit that trembles. */
import type { Check } from '../../attribution/fit/checks.ts';
import type { Drifting } from '../../attribution/fit/drift.ts';
import type { FittedKind } from '../attribute/kinds/kind.ts';
import { driftingOf, type Kept } from './drift.ts';

export function news(kind: FittedKind, before: Kept, after: Kept, least: number): Check {
  const moved = movedCredit(driftingOf(kind, before), driftingOf(kind, after));
  const words = `It moves ${(moved * 100).toFixed(1)} % of all credit; ${(least * 100).toFixed(1)} % are worth a change.`;
  return { name: 'says something new', passed: moved >= least, words };
}

/** The part of all credit that goes to another channel: half the sum of the differences. */
export function movedCredit(before: Drifting, after: Drifting): number {
  const shares = new Map(before.shares.map(({ channel, share }) => [channel, -share]));
  for (const { channel, share } of after.shares) shares.set(channel, (shares.get(channel) ?? 0) + share);
  return [...shares.values()].reduce((sum, one) => sum + Math.abs(one), 0) / 2;
}
