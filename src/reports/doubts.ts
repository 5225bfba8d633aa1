/** Keys that would have joined what something else tells apart, with the records, the evidence and what to type. */

import { displayName } from '../canonical/display-name.ts';
import type { Entity, EntityKind, RecordRef } from '../canonical/model.ts';
import { parseRef, recordOf } from '../canonical/names.ts';
import { weighPeople } from '../identity/likely-people.ts';
import { dealParts, weighDeals } from '../identity/suggest.ts';
import type { Weighed } from '../identity/weights.ts';
import type { Doubt } from '../store/contract/identity.ts';
import { type AddressOf, addresses } from '../sync/addresses.ts';
import type { Hub } from '../sync/hub.ts';

/** One of those whom the key did not join, by one of its records. */
export interface Party {
  readonly entity: string;
  readonly connection: string;
  readonly object: string;
  readonly id: string;
  readonly name: string | null;
  /** The record's page in its system, where it has one. */
  readonly address: string | null;
}

export interface DoubtfulPair extends Weighed {
  readonly one: Party;
  readonly other: Party;
  readonly commands: { readonly same: string; readonly different: string };
}

export interface Doubtful {
  readonly kind: EntityKind;
  /** `kind:value` of the key. */
  readonly key: string;
  readonly why: string;
  /** How many records and statements hold it. */
  readonly holders: number;
  /** People known from chats alone of whom no record is made before somebody has decided. */
  readonly held: number;
  readonly parties: readonly Party[];
  /** The likeliest first. */
  readonly pairs: readonly DoubtfulPair[];
}

const reasons: Readonly<Record<string, string>> = {
  'decided different': 'you said that they are different',
  'claimed twice': 'two records of one system claim it; the one that had it first keeps it',
  'other names': 'those who have it have names that contradict each other',
  'other addresses': 'the systems keep those who have it as separate records with different addresses',
  'several people': 'it leads to several people',
  'too many': 'more people share it than may share one of its kind, so that it identifies nobody',
};

/** Of one key no more parties than this are compared with each other. */
const mostParties = 5;

/** Without those on which an admin has decided. Reads the store, asks no vendor. */
export async function doubtful(hub: Hub): Promise<Doubtful[]> {
  const doubts = (await hub.store.identity.doubts()).filter(({ reason }) => reason !== 'decided different');
  const ids = [...new Set(doubts.flatMap(({ entityIds }) => entityIds))];
  const entities = new Map((await hub.store.entities.get(ids)).map((entity) => [entity.id, entity]));
  const organizations = await hub.store.entities.organizationsOf(ids);
  const decided = new Set((await hub.store.identity.decisions()).map(({ one, other }) => `${one}\n${other}`));
  const address = await addresses(hub);
  return doubts.map((doubt) => {
    const known = doubt.entityIds.flatMap((id) => entities.get(id) ?? []).slice(0, mostParties);
    const parties = known.map((entity) => partyOf(entity, doubt, address));
    const pairs = parties.flatMap((one, index) =>
      parties.slice(index + 1).flatMap((other, offset): DoubtfulPair[] => {
        const [a, b] = [known[index], known[index + 1 + offset]];
        if (!a || !b || isDecided(decided, doubt.kind, one, other)) return [];
        const compared = weighed(a, b, organizations);
        return [{ one, other, ...compared, commands: commandsFor(one, other) }];
      }),
    );
    return {
      ...{
        kind: doubt.kind,
        key: doubt.key,
        why: reasons[doubt.reason] ?? doubt.reason,
        holders: doubt.holders,
      },
      held: doubt.held.length,
      parties: parties.length > 0 ? parties : doubt.names.map((name) => placeOf(name, '', null, address)),
      pairs: pairs.sort((x, y) => y.total - x.total),
    };
  });
}

function weighed(
  one: Entity,
  other: Entity,
  organizations: Readonly<Record<string, readonly string[]>>,
): Weighed {
  if (one.kind === 'Deal') return weighDeals(dealParts(one.fields), dealParts(other.fields));
  const [a, b] = [one, other].map(({ id, kind, fields }) => ({
    // An organization is compared by its own name as people are by that of theirs.
    fields: kind === 'Organization' ? { ...fields, company: fields.name ?? null } : fields,
    organizations: organizations[id] ?? [],
  }));
  return a && b ? weighPeople(a, b) : { weights: [], total: 0 };
}

function isDecided(decided: ReadonlySet<string>, kind: EntityKind, one: Party, other: Party): boolean {
  const names = [one, other]
    .map(({ connection, object, id }) => `${kind}|${connection}|${object}|${id}`)
    .sort();
  return decided.has(names.join('\n'));
}

/** By a record that holds the key, if it has one; else by what it has. */
function partyOf(entity: Entity, { names }: Doubt, address: AddressOf): Party {
  const own = new Set(entity.members);
  const name = names.find((one) => own.has(one)) ?? entity.members[0] ?? '';
  return placeOf(name, entity.id, displayName(entity.fields) ?? null, address);
}

function placeOf(contribution: string, entity: string, name: string | null, address: AddressOf): Party {
  const ref = parseRef(recordOf(contribution));
  return { entity, ...ref, name, address: address(ref) };
}

export function commandsFor(one: RecordRef, other: RecordRef): DoubtfulPair['commands'] {
  const words = [one.connection, namedAlone(one), other.connection, namedAlone(other)].map(quoted).join(' ');
  return { same: `hub same ${words}`, different: `hub different ${words}` };
}

/** Numbers are counted within an object: contact 7 and deal 7 are two records. */
function namedAlone({ object, id }: RecordRef): string {
  return /^\d+$/.test(id) ? `${object}/${id}` : id;
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w.@:/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
