/** Which people of two systems are likely one, without a key that says so. Suggested, never joined. */
import { addressKey } from '../canonical/address.ts';
import type { CanonicalFields } from '../canonical/model.ts';
import { agree, compareNames, personName } from './names.ts';
import { type Weighed, weigh } from './weights.ts';

export interface PersonSketch {
  readonly id: string;
  readonly fields: CanonicalFields;
  /** Connections that have a record of this person, and one record of each. */
  readonly records: ReadonlyMap<string, string>;
  readonly organizations: readonly string[];
}

export interface LikelyPeople extends Weighed {
  /** In the order of ids. */
  readonly people: readonly [PersonSketch, PersonSketch];
}

/** A name that more people bear says little, and comparing all of them with each other would take long. */
const largestGroup = 50;

/** Beside the name something else must agree; a name alone stays below. */
const leastTotal = 12;

/** The likeliest first. */
export function likelyPeople(people: readonly PersonSketch[]): LikelyPeople[] {
  const byName = Map.groupBy(people, ({ fields }) => nameOf(fields).join(' '));
  const pairs = [...byName].flatMap(([name, group]) =>
    name.includes(' ') && group.length <= largestGroup ? pairsAmong(group) : [],
  );
  return pairs.sort((a, b) => b.total - a.total || (a.people[0].id < b.people[0].id ? -1 : 1));
}

function pairsAmong(group: readonly PersonSketch[]): LikelyPeople[] {
  return group.flatMap((one, index) =>
    group.slice(index + 1).flatMap((other): LikelyPeople[] => {
      // Two records in one system are two people to those who work there.
      if ([...one.records.keys()].some((connection) => other.records.has(connection))) return [];
      const weighed = weighPeople(one, other);
      const people: LikelyPeople['people'] = one.id < other.id ? [one, other] : [other, one];
      return weighed.total >= leastTotal ? [{ people, ...weighed }] : [];
    }),
  );
}

export function weighPeople(
  one: Pick<PersonSketch, 'fields' | 'organizations'>,
  other: Pick<PersonSketch, 'fields' | 'organizations'>,
): Weighed {
  const [a, b] = [one.fields, other.fields];
  return weigh({
    email: compared(addressOf(a), addressOf(b)),
    name: nameLevel(a, b),
    phone: phoneLevel(a, b),
    organization:
      one.organizations.length > 0 && other.organizations.length > 0
        ? one.organizations.some((id) => other.organizations.includes(id))
          ? 'the same'
          : 'different'
        : compared(folded(a.company), folded(b.company)),
    city: compared(folded(a.city), folded(b.city)),
  });
}

function nameOf({ firstName, lastName }: CanonicalFields) {
  return personName(textOf(firstName), textOf(lastName));
}

function nameLevel(a: CanonicalFields, b: CanonicalFields): string | null {
  const match = compareNames(nameOf(a), nameOf(b));
  if (match === 'unknown') return null;
  return match === 'equal' ? 'the same' : agree(match) ? 'alike' : 'different';
}

function phoneLevel(a: CanonicalFields, b: CanonicalFields): string | null {
  const phones = ({ phone, mobile }: CanonicalFields) => [phone, mobile].map(textOf).filter(Boolean);
  const [some, others] = [phones(a), phones(b)];
  if (some.length === 0 || others.length === 0) return null;
  return some.some((phone) => others.includes(phone)) ? 'the same' : 'different';
}

function compared(a: string, b: string): string | null {
  return a === '' || b === '' ? null : a === b ? 'the same' : 'different';
}

function addressOf({ email }: CanonicalFields): string {
  return addressKey(textOf(email)) ?? '';
}

function folded(value: unknown): string {
  return textOf(value).normalize('NFKC').trim().toLowerCase();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
