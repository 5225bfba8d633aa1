/** Contributions that have been found to be one: a union–find whose clusters know who is in them. */

import type { Contribution } from '../canonical/model.ts';
import { contributionName, keyText, kindOfKey } from '../canonical/names.ts';
import { identifies } from './keys.ts';
import { type Name, type NameParts, nameOf, partsOf } from './names.ts';

/** A contribution with what joining looks at. */
export interface Node {
  readonly contribution: Contribution;
  readonly name: string;
  /** Texts of its keys. */
  readonly keys: readonly string[];
  /** A system's own record that is there: two of one system are two people until something says otherwise. */
  readonly isRecord: boolean;
  readonly words: Name;
  readonly parts: NameParts | null;
  /** Texts of its address keys, the one that it is written to first. */
  readonly addresses: readonly string[];
}

export function nodeOf(contribution: Contribution): Node {
  const keys = [...new Set(contribution.keys.map(keyText))];
  return {
    contribution,
    name: contributionName(contribution),
    keys,
    isRecord: !contribution.withdrawn && contribution.statement === undefined,
    words: nameOf(contribution),
    parts: partsOf(contribution),
    addresses: keys.filter((text) => kindOfKey(text) === 'email' || kindOfKey(text) === 'domain'),
  };
}

export interface Group {
  readonly members: number[];
  /** Records that are there, by connection. */
  readonly records: Map<string, number[]>;
  readonly addresses: Set<string>;
  readonly recordAddresses: Set<string>;
  readonly names: Map<string, Name>;
  readonly parts: Set<NameParts>;
  identified: boolean;
}

export class Clusters {
  readonly nodes: readonly Node[];
  readonly #parent: Int32Array;
  readonly #groups: (Group | undefined)[];

  /** `nodes`: eldest first; the smaller index is always the root. */
  constructor(nodes: readonly Node[]) {
    this.nodes = nodes;
    this.#parent = Int32Array.from({ length: nodes.length }, (_, index) => index);
    this.#groups = nodes.map(groupOf);
  }

  root(index: number): number {
    let at = index;
    for (let up = this.#up(at); up !== at; up = this.#up(at)) {
      this.#parent[at] = this.#up(up);
      at = up;
    }
    return at;
  }

  /** Distinct, in order. */
  roots(indexes: Iterable<number>): number[] {
    return [...new Set([...indexes].map((index) => this.root(index)))].sort((a, b) => a - b);
  }

  group(index: number): Group {
    const group = this.#groups[this.root(index)];
    if (!group) throw new RangeError(`there is no contribution ${index}`);
    return group;
  }

  unite(a: number, b: number): void {
    const [rootA, rootB] = [this.root(a), this.root(b)];
    if (rootA === rootB) return;
    const [top, below] = rootA < rootB ? [rootA, rootB] : [rootB, rootA];
    const merged = mergeGroups(this.group(top), this.group(below));
    this.#parent[below] = top;
    this.#groups[below] = undefined;
    this.#groups[top] = merged;
  }

  #up(index: number): number {
    return this.#parent[index] ?? index;
  }
}

function groupOf({ contribution, isRecord, words, parts, addresses }: Node, index: number): Group {
  const { kind, keys, ref } = contribution;
  return {
    members: [index],
    records: new Map(isRecord ? [[ref.connection, [index]]] : []),
    addresses: new Set(addresses),
    recordAddresses: new Set(isRecord ? addresses : []),
    names: new Map(words.length > 0 ? [[words.join(' '), words]] : []),
    parts: new Set(parts === null ? [] : [parts]),
    identified: keys.some((key) => identifies(kind, key)),
  };
}

/** The smaller goes into the larger, so that a person of many statements costs little. */
function mergeGroups(a: Group, b: Group): Group {
  const [large, small] = a.members.length >= b.members.length ? [a, b] : [b, a];
  for (const member of small.members) large.members.push(member);
  for (const [connection, records] of small.records)
    large.records.set(connection, [...(large.records.get(connection) ?? []), ...records]);
  for (const address of small.addresses) large.addresses.add(address);
  for (const address of small.recordAddresses) large.recordAddresses.add(address);
  for (const [text, name] of small.names) large.names.set(text, name);
  for (const part of small.parts) large.parts.add(part);
  large.identified ||= small.identified;
  return large;
}
