/** What speaks against joining two clusters, however strong the key that they share. */
import type { EntityKind } from '../canonical/model.ts';
import type { Clusters, Group } from './clusters.ts';
import type { Evidence } from './keys.ts';
import { agree, compareAny, haveHalves, type Name } from './names.ts';

export type Refusal =
  /** An admin said that they are two. */
  | 'decided different'
  /** Two records of one system hold it. */
  | 'claimed twice'
  /** They have names that cannot be one person's. */
  | 'other names'
  /** The systems keep them as records with different addresses. */
  | 'other addresses'
  /** A hint that leads to several people. */
  | 'several people'
  /** More people share it than may share one of its kind. */
  | 'too many';

export class Guard {
  readonly #clusters: Clusters;
  readonly #kind: EntityKind;
  /** Index → indexes that an admin has said are others. */
  readonly #different: ReadonlyMap<number, readonly number[]>;
  /** Index → the cluster that the vendors' own word puts it in. */
  #own: readonly number[] = [];

  constructor(clusters: Clusters, kind: EntityKind, different: ReadonlyMap<number, readonly number[]>) {
    this.#clusters = clusters;
    this.#kind = kind;
    this.#different = different;
  }

  get hasDecisions(): boolean {
    return this.#different.size > 0;
  }

  /** To be called once the vendors' own word on their records is heard, and nothing else. */
  noteVendorsOwn(): void {
    this.#own = this.#clusters.nodes.map((_, index) => this.#clusters.root(index));
  }

  /** Why the clusters of `a` and `b` must not become one by this evidence; null when nothing speaks against it. */
  refusal(a: number, b: number, evidence: Evidence): Refusal | null {
    const [one, other] = [this.#clusters.group(a), this.#clusters.group(b)];
    if (one === other) return null;
    if (this.#isDecided(one, other)) return 'decided different';
    if (evidence === 'vendor' || evidence === 'decision') return null;
    return this.#amongRecords(one, other, evidence) ?? this.#betweenPeople(one, other, evidence);
  }

  #isDecided(one: Group, other: Group): boolean {
    if (this.#different.size === 0) return false;
    const there = new Set(other.members);
    return one.members.some((member) => this.#different.get(member)?.some((index) => there.has(index)));
  }

  /** Two records of one system stay two unless everything says that they are duplicates of each other. */
  #amongRecords(one: Group, other: Group, evidence: Evidence): Refusal | null {
    for (const [connection, records] of one.records) {
      for (const a of records) {
        for (const b of other.records.get(connection) ?? []) {
          const refusal = this.#ofOneSystem(a, b, evidence);
          if (refusal && !(refusal === 'other addresses' && this.#areOneElsewhere(a, b, one, other)))
            return refusal;
        }
      }
    }
    return null;
  }

  #ofOneSystem(a: number, b: number, evidence: Evidence): Refusal | null {
    const isNamed = this.#kind === 'Person' || this.#kind === 'Organization';
    if (!isNamed || evidence === 'reference') return 'claimed twice';
    const names = compareAny(this.#namesOf(a), this.#namesOf(b));
    if (names === 'other' || (evidence === 'phone' && !agree(names))) return 'other names';
    const [some, others] = [this.#addressesOf(a), new Set(this.#addressesOf(b))];
    const mustShare = evidence === 'address' || evidence === 'pairing';
    const isElsewhere = mustShare ? !sharesAny(some, others) : areDistinct(some, others);
    return isElsewhere ? 'other addresses' : null;
  }

  /** Another system has merged, or converted, a record with the one's address into one with the other's. */
  #areOneElsewhere(a: number, b: number, one: Group, other: Group): boolean {
    const counterparts = (index: number) => {
      const addresses = new Set(this.#addressesOf(index));
      const isCounterpart = (member: number) =>
        this.#connectionOf(member) !== this.#connectionOf(index) &&
        this.#clusters.nodes[member]?.contribution.statement === undefined &&
        sharesAny(this.#addressesOf(member), addresses);
      return [...one.members, ...other.members].filter(isCounterpart);
    };
    const [ofA, ofB] = [counterparts(a), counterparts(b)];
    return ofA.some((m) => ofB.some((n) => m !== n && this.#own[m] === this.#own[n]));
  }

  #connectionOf(index: number): string | undefined {
    return this.#clusters.nodes[index]?.contribution.ref.connection;
  }

  /** A key that is typed, copied or shared does not make one person of two whom the systems tell apart. */
  #betweenPeople(one: Group, other: Group, evidence: Evidence): Refusal | null {
    if (this.#kind !== 'Person' || evidence === 'address' || evidence === 'pairing') return null;
    const names = compareAny(one.names.values(), [...other.names.values()]);
    const areRecords = one.records.size > 0 && other.records.size > 0;
    if (evidence === 'phone' && areRecords && !agree(names)) return 'other names';
    const [some, others] =
      areRecords && evidence !== 'reference'
        ? [one.recordAddresses, other.recordAddresses]
        : [one.addresses, other.addresses];
    const isElsewhere = areDistinct([...some], others);
    if (evidence === 'reference')
      return isElsewhere && !haveOneFullName(one, other) ? 'other addresses' : null;
    if (areRecords && isElsewhere) return 'other addresses';
    if (evidence === 'session' && haveHalves(one.parts, other.parts)) return null;
    return names === 'other' && !sharesAny(one.addresses, other.addresses) ? 'other names' : null;
  }

  #namesOf(index: number): readonly Name[] {
    const { words } = this.#clusters.nodes[index] ?? {};
    return words && words.length > 0 ? [words] : [...this.#clusters.group(index).names.values()];
  }

  #addressesOf(index: number): readonly string[] {
    return this.#clusters.nodes[index]?.addresses ?? [];
  }
}

/** One word is a name that many have; two or more that are all the same are good evidence. */
function haveOneFullName(one: Group, other: Group): boolean {
  return [...one.names].some(([text, words]) => words.length > 1 && other.names.has(text));
}

/** Both are known, and they have none in common. */
function areDistinct(some: readonly string[], others: ReadonlySet<string>): boolean {
  return some.length > 0 && others.size > 0 && !some.some((address) => others.has(address));
}

function sharesAny(some: Iterable<string>, others: ReadonlySet<string>): boolean {
  return [...some].some((address) => others.has(address));
}
