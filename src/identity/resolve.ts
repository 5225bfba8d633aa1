/**
 * Which contributions belong to one entity. A pure function of the set of contributions: no order, no
 * memory, so a merge undoes itself when the key that caused it goes away.
 */
import { type Contribution, type IdentityKey, refText } from '../canonical/model.ts';
import { fingerprint } from '../support/fingerprint.ts';
import { identifies, isWeak, keyText } from './keys.ts';

export interface Cluster {
  /** Named after the eldest contribution, so that later arrivals rarely rename it. */
  readonly entityId: string;
  /** Eldest first. */
  readonly contributions: readonly Contribution[];
  /** Key texts that lead here and to no other cluster. */
  readonly keys: readonly string[];
}

export interface Ambiguity {
  /** A weak key that several identified clusters hold; it joined none of them. */
  readonly key: string;
  readonly entityIds: readonly string[];
}

export interface Resolution {
  readonly clusters: readonly Cluster[];
  readonly ambiguities: readonly Ambiguity[];
}

/** Name of a contribution as the store knows it: `<kind>|<text ref>`. */
export function contributionName(contribution: Contribution): string {
  return `${contribution.kind}|${refText(contribution.ref)}`;
}

/** The text ref of the record that made the contribution of that name; an entity's members are such names. */
export function recordOf(name: string): string {
  return name.slice(name.indexOf('|') + 1);
}

/** `contributions` are of one kind and hang together by keys (or not at all: then there are more clusters). */
export function resolve(contributions: readonly Contribution[]): Resolution {
  const eldestFirst = [...contributions].sort(byAge);
  const forest = new Forest(eldestFirst.length);
  const strong = holders(eldestFirst, (key) => !isWeak(key));
  for (const members of strong.values()) forest.uniteAll(members);

  const weak = holders(eldestFirst, isWeak);
  const refused: string[] = [];
  for (const text of [...weak.keys()].sort()) {
    const members = weak.get(text) ?? [];
    const identified = identifiedRoots(eldestFirst, strong, forest);
    const known = new Set(
      members.map((member) => forest.root(member)).filter((root) => identified.has(root)),
    );
    if (known.size <= 1) forest.uniteAll(members);
    else refused.push(text);
  }
  return describe(eldestFirst, forest, strong, weak, refused);
}

function byAge(a: Contribution, b: Contribution): number {
  if (a.createdAt !== b.createdAt) return a.createdAt - b.createdAt;
  const [nameA, nameB] = [contributionName(a), contributionName(b)];
  return nameA < nameB ? -1 : nameA > nameB ? 1 : 0;
}

/** Key text → indexes of the contributions that hold it. */
function holders(
  contributions: readonly Contribution[],
  wanted: (key: IdentityKey) => boolean,
): Map<string, number[]> {
  const found = new Map<string, number[]>();
  contributions.forEach((contribution, index) => {
    for (const key of contribution.keys) {
      if (!wanted(key)) continue;
      const text = keyText(key);
      const list = found.get(text);
      if (list) list.push(index);
      else found.set(text, [index]);
    }
  });
  return found;
}

function identifiedRoots(
  contributions: readonly Contribution[],
  strong: ReadonlyMap<string, readonly number[]>,
  forest: Forest,
): Set<number> {
  const roots = new Set<number>();
  const kind = contributions[0]?.kind;
  if (!kind) return roots;
  for (const [text, members] of strong) {
    const key = parseKeyText(text);
    if (!identifies(kind, key)) continue;
    for (const member of members) roots.add(forest.root(member));
  }
  return roots;
}

function parseKeyText(text: string): IdentityKey {
  const colon = text.indexOf(':');
  return { kind: text.slice(0, colon) as IdentityKey['kind'], value: text.slice(colon + 1) };
}

function describe(
  contributions: readonly Contribution[],
  forest: Forest,
  strong: ReadonlyMap<string, readonly number[]>,
  weak: ReadonlyMap<string, readonly number[]>,
  refused: readonly string[],
): Resolution {
  const members = new Map<number, number[]>();
  contributions.forEach((_, index) => {
    const root = forest.root(index);
    members.set(root, [...(members.get(root) ?? []), index]);
  });
  const ids = new Map<number, string>();
  for (const [root, indexes] of members) {
    const eldest = contributions[indexes[0] ?? 0];
    if (eldest) ids.set(root, fingerprint(contributionName(eldest)));
  }
  const idOf = (index: number) => ids.get(forest.root(index)) ?? '';
  const keys = new Map<number, string[]>();
  for (const [text, holding] of [...strong, ...weak]) {
    const first = holding[0];
    if (first === undefined || refused.includes(text)) continue;
    const root = forest.root(first);
    keys.set(root, [...(keys.get(root) ?? []), text]);
  }
  return {
    clusters: [...members].map(([root, indexes]) => ({
      entityId: ids.get(root) ?? '',
      contributions: indexes.flatMap((index) => contributions[index] ?? []),
      keys: (keys.get(root) ?? []).sort(),
    })),
    ambiguities: refused.map((key) => ({
      key,
      entityIds: [...new Set((weak.get(key) ?? []).map(idOf))].sort(),
    })),
  };
}

/** Union–find; the smaller index (the elder contribution) is always the root. */
class Forest {
  readonly #parent: Int32Array;

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, index) => index);
  }

  root(index: number): number {
    let at = index;
    for (let up = this.#up(at); up !== at; up = this.#up(at)) {
      this.#parent[at] = this.#up(up);
      at = up;
    }
    return at;
  }

  uniteAll(members: readonly number[]): void {
    const first = members[0];
    if (first === undefined) return;
    for (const member of members) this.#unite(first, member);
  }

  #unite(a: number, b: number): void {
    const [rootA, rootB] = [this.root(a), this.root(b)];
    this.#parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }

  #up(index: number): number {
    return this.#parent[index] ?? index;
  }
}
