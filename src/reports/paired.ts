/** Which records are one with a record, and what made them one. */

import type { Contribution, Entity, RecordRef } from '../canonical/model.ts';
import { contributionName, keyText, recordOf, refText } from '../canonical/names.ts';
import type { Pair } from '../canonical/pairs.ts';
import type { AddressOf } from '../sync/addresses.ts';
import type { Hub } from '../sync/hub.ts';

/** Another record of the same person, deal or organization. */
export interface Paired extends RecordRef {
  readonly address: string | null;
  /** Keys that both hold, `email ada@a.example`, and what is remembered of the two; empty: joined through a third record. */
  readonly by: readonly string[];
  /** Equal records of a kind that only tells something (chats), told once with their number. */
  readonly count: number;
}

/** Others of the entity than the record of that text ref. */
export async function pairedWith(
  hub: Hub,
  { members }: Entity,
  ref: string,
  address: AddressOf,
): Promise<Paired[]> {
  const contributions = await hub.store.facts.contributions(members);
  const own = contributions.filter((one) => recordOf(contributionName(one)) === ref);
  const held = new Set(own.flatMap(({ keys }) => keys.map(keyText)));
  const ties = await tiesOf(hub, own.map(contributionName));
  const others = contributions.filter((one) => !own.includes(one));
  const why = (one: Contribution) => [...(ties.get(contributionName(one)) ?? []), ...shared(one, held)];
  const alike = Map.groupBy(others, (one) => likeness(hub, one, why(one)));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first.ref, address: address(first.ref), by: why(first), count: group.length }] : [];
  });
}

/** What is remembered of these contributions and others: an admin's word, and the key that made a pair first. */
async function tiesOf({ store }: Hub, names: readonly string[]): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const tie = ({ one, other }: Pair, words: string) => {
    const partner = names.includes(one) ? other : names.includes(other) ? one : undefined;
    if (partner !== undefined) found.set(partner, [...(found.get(partner) ?? []), words]);
  };
  for (const decision of await store.identity.decisions())
    if (decision.verdict === 'same') tie(decision, 'the word of an admin');
  for (const pairing of await store.identity.pairings(names))
    tie(pairing, `a pair remembered by ${keyWords(pairing.key)}`);
  return found;
}

/** Records are told one by one; of statements, those with the same ties once. */
function likeness({ systems }: Hub, { ref }: Contribution, why: readonly string[]): string {
  const isRecord = systems.get(ref.connection)?.connector.sink?.(ref.object) !== undefined;
  return isRecord ? refText(ref) : `${ref.connection}|${ref.object}|${why.join(' ')}`;
}

function shared({ keys }: Contribution, held: ReadonlySet<string>): string[] {
  const common = keys.map(keyText).filter((key) => held.has(key));
  return [...new Set(common)].map(keyWords).sort();
}

/** Kinds of keys that have another name for people. */
const keyNames: Readonly<Record<string, string>> = {
  external: 'hub id',
  id: 'reference',
  chatUser: 'chat user',
};

function keyWords(key: string): string {
  const colon = key.indexOf(':');
  const kind = key.slice(0, colon);
  return `${keyNames[kind] ?? kind} ${key.slice(colon + 1)}`;
}
