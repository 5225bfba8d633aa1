/** Keys that would have joined what something else tells apart, with the records, the evidence and what to type. */

import { displayName } from '../canonical/display-name.ts';
import type { Entity, EntityKind, RecordRef } from '../canonical/model.ts';
import { kindOfKey, parseRef, recordOf } from '../canonical/names.ts';
import { limitOf } from '../canonical/pairs.ts';
import { weighPeople } from '../identity/likely-people.ts';
import { dealParts, weighDeals } from '../identity/suggest.ts';
import type { Weighed } from '../identity/weights.ts';
import { type Doubt, tooMany } from '../store/contract/identity.ts';
import { type AddressOf, addresses } from '../sync/addresses.ts';
import type { Hub } from '../sync/hub.ts';
import { limitsOf } from '../sync/rules.ts';
import { isRecord } from './is-record.ts';
import { decidedPairs, openDoubts, pairOf } from './open-doubts.ts';

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
  /** How many entities hold it; `parties` are the first of them. */
  readonly entities: number;
  /** What to do where the key is not to be looked at pair by pair. */
  readonly remedy: string | null;
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
  return tellDoubts(hub, await openDoubts(hub));
}

/** These in words, with the records and the evidence. */
export async function tellDoubts(hub: Hub, doubts: readonly Doubt[]): Promise<Doubtful[]> {
  const ids = [...new Set(doubts.flatMap(({ entityIds }) => entityIds.slice(0, mostParties)))];
  const entities = new Map((await hub.store.entities.get(ids)).map((entity) => [entity.id, entity]));
  const organizations = await hub.store.entities.organizationsOf(ids);
  const decided = decidedPairs(await hub.store.identity.decisions(), [...entities.values()]);
  const address = await addresses(hub);
  return doubts.map((doubt) => {
    const known = doubt.entityIds.slice(0, mostParties).flatMap((id) => entities.get(id) ?? []);
    const parties = known.map((entity) => partyOf(hub, entity, doubt, address));
    const pairs = parties.flatMap((one, index) =>
      parties.slice(index + 1).flatMap((other, offset): DoubtfulPair[] => {
        const [a, b] = [known[index], known[index + 1 + offset]];
        if (!a || !b || decided.has(pairOf(a.id, b.id))) return [];
        const compared = weighed(a, b, organizations);
        return [{ one, other, ...compared, commands: commandsFor(one, other) }];
      }),
    );
    const { kind, key, reason, holders, entities: number, held, names } = doubt;
    return {
      ...{ kind, key, why: reasons[reason] ?? reason, holders, entities: number, held: held.length },
      remedy: reason === tooMany ? remedyFor(hub, key) : null,
      parties: parties.length > 0 ? parties : names.map((name) => placeOf(name, '', null, address)),
      pairs: pairs.sort((x, y) => y.total - x.total),
    };
  });
}

function remedyFor(hub: Hub, key: string): string {
  const kind = kindOfKey(key);
  // In quotes, as YAML takes every text: a number alone, or one with a colon, would be something else.
  const typed = JSON.stringify(idIn(key));
  return `If it is nobody's id, list ${typed} under identity.placeholders of hub.yaml; if so many may share one, raise identity.limits.${kind} there (now ${limitOf(limitsOf(hub), kind)}).`;
}

/** As records and chats hold it: without the kind, and without the space or the object in which it is counted. */
function idIn(key: string): string {
  const kind = kindOfKey(key);
  const before = kind === 'id' ? 3 : ['email', 'domain', 'phone'].includes(kind) ? 1 : 2;
  const parts = key.split(':');
  // The hub's own ids have no space.
  return parts.slice(Math.min(before, parts.length - 1)).join(':');
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

/** By a record that holds the key, if there is one; else by a record that it has, or by what it said. */
function partyOf(hub: Hub, entity: Entity, { names }: Doubt, address: AddressOf): Party {
  const own = new Set(entity.members);
  const holding = names.filter((one) => own.has(one));
  const name = [...holding, ...entity.members].find((one) => isRecord(hub, recordOf(one))) ?? holding[0];
  return placeOf(name ?? entity.members[0] ?? '', entity.id, displayName(entity.fields) ?? null, address);
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
