/**
 * What records and people had said by some time, and which pairs follow from it: the evidence of a deal's close. A
 * change counts from the latest moment at which it can have happened. What a record showed when it was first read
 * counts from its creation on: of two that show one address then nobody knows who had it first, and a name decides.
 */

import type { Contribution, IdentityKey } from '../../canonical/model.ts';
import { contributionName, keyText } from '../../canonical/names.ts';
import { inOrder, type Pairing } from '../../canonical/pairs.ts';
import { evidenceOf } from '../../identity/keys.ts';

/** Whether the present is not what was at that time. */
export function hasChangedSince(
  { createdAt, former = [], knownFrom = createdAt }: Contribution,
  at: number,
): boolean {
  return createdAt > at || knownFrom > at || former.some(({ until }) => until > at);
}

/** Those that were there, as they were. */
export function saidAt(contributions: readonly Contribution[], at: number): Contribution[] {
  return contributions.filter(({ createdAt }) => createdAt <= at).map((one) => stateAt(one, at));
}

function stateAt({ former = [], knownFrom: _, ...present }: Contribution, at: number): Contribution {
  const state = former.find(({ until }) => until > at);
  if (!state) return present;
  const { keys, values } = state;
  return { ...present, keys, values: { ...present.values, ...values }, withdrawn: false };
}

/**
 * Pairs that could be found by then, in whatever order what was there has arrived: who held an address while something
 * was said under it is paired with that. Of what was paired by an address that no reading shows any more nobody knows
 * when that was: it counts.
 */
export function pairingsAt(
  contributions: readonly Contribution[],
  then: readonly Contribution[],
  remembered: readonly Pairing[],
  at: number,
): Pairing[] {
  const byName = new Map(contributions.map((one) => [contributionName(one), one]));
  const counting = remembered.filter(({ one, other, key }) => {
    const times = [one, other].map((name) => heldFrom(byName.get(name), key));
    return evidenceOf(key) === 'address'
      ? times.some((time) => time === undefined)
      : times.every((time) => (time ?? at) <= at);
  });
  return [...counting, ...pairsOfOldAddresses(contributions, then, at)];
}

/** Since when it has held a key; undefined where no reading shows it. */
function heldFrom(contribution: Contribution | undefined, key: string): number | undefined {
  if (!contribution) return undefined;
  return holdings(contribution).find(({ keys }) => keys.some((one) => keyText(one) === key))?.from;
}

interface Holding {
  readonly keys: readonly IdentityKey[];
  readonly from: number;
  readonly until: number;
}

function holdings({ createdAt, former = [], keys }: Contribution): Holding[] {
  const ends = former.map(({ until }) => until);
  const states = [...former.map((one) => one.keys), keys];
  return states.map((held, index) => ({
    keys: held,
    from: index === 0 ? createdAt : (ends[index - 1] ?? createdAt),
    until: ends[index] ?? Number.POSITIVE_INFINITY,
  }));
}

function pairsOfOldAddresses(
  contributions: readonly Contribution[],
  then: readonly Contribution[],
  at: number,
): Pairing[] {
  const changed = contributions.filter(({ former = [] }) => former.some(({ until }) => until <= at));
  if (changed.length === 0) return [];
  const holders = Map.groupBy(
    then.flatMap((said) => said.keys.map((key) => ({ said, text: keyText(key) }))),
    ({ text }) => text,
  );
  return changed.flatMap((one) =>
    holdings(one)
      .filter(({ until }) => until <= at)
      .flatMap(({ keys, until }) =>
        keys
          .map(keyText)
          .filter((text) => evidenceOf(text) === 'address')
          .flatMap((text) => (holders.get(text) ?? []).filter(({ said }) => isPartner(said, one, until)))
          .map(({ said, text }) => ({
            ...inOrder(contributionName(one), contributionName(said)),
            key: text,
            at: Math.max(one.createdAt, said.createdAt),
          })),
      ),
  );
}

function isPartner(said: Contribution, holder: Contribution, until: number): boolean {
  return said.createdAt < until && said.ref.connection !== holder.ref.connection;
}
