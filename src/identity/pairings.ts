/** Which pairs are worth remembering: found by an address or a reference that may change later. */
import { inOrder, type Pairing } from '../canonical/pairs.ts';
import type { Clusters } from './clusters.ts';
import type { Holders } from './holders.ts';
import { evidenceOf } from './keys.ts';
import type { Memory } from './memory.ts';
import { compareAny, compareNames, type Name } from './names.ts';
import type { Paces } from './steps.ts';

export interface PairingChange {
  readonly pairings: readonly Omit<Pairing, 'at'>[];
  readonly ended: readonly Pairing[];
}

/** `indexOf`: name of a contribution → its index. */
export function* pairingsOf(
  clusters: Clusters,
  holders: Holders,
  memory: Memory,
  indexOf: ReadonlyMap<string, number>,
): Paces<PairingChange> {
  const ended = new Set(memory.pairings.filter((pair) => hasEnded(pair, clusters, holders, indexOf)));
  const known = new Set(memory.pairings.filter((pair) => !ended.has(pair)).map(textOf));
  const pairings = new Map<string, Omit<Pairing, 'at'>>();
  const add = (a: number, b: number, key: string) => {
    const pair = { ...inOrder(clusters.nodes[a]?.name ?? '', clusters.nodes[b]?.name ?? ''), key };
    if (!known.has(textOf(pair)) && !pairings.has(textOf(pair))) pairings.set(textOf(pair), pair);
  };
  for (const [text, members] of holders.of('address', 'reference')) {
    const named = evidenceOf(text) === 'reference' ? holders.named(text) : undefined;
    const all = named === undefined ? members : [...new Set([named, ...members])].sort((a, b) => a - b);
    if (all.length > 1)
      for (const group of together(clusters, all)) yield* pairUp(clusters, group, text, add);
    yield;
  }
  return { pairings: [...pairings.values()], ended: [...ended] };
}

function textOf({ one, other }: Pick<Pairing, 'one' | 'other'>): string {
  return `${one}\n${other}`;
}

function together(clusters: Clusters, members: readonly number[]): number[][] {
  return [...Map.groupBy(members, (index) => clusters.root(index)).values()].filter(
    ({ length }) => length > 1,
  );
}

/** Each with the eldest record of every other connection: enough to hold a cluster together, and never many. */
function* pairUp(
  clusters: Clusters,
  members: readonly number[],
  key: string,
  add: (a: number, b: number, key: string) => void,
): Paces {
  const records = recordsAmong(clusters, members);
  if (records.size === 0) return;
  for (const index of members) {
    for (const partner of partnersOf(clusters, index, records)) add(index, partner, key);
    yield;
  }
}

/** Records that are there, by connection, eldest first. */
export function recordsAmong({ nodes }: Clusters, members: readonly number[]): Map<string, number[]> {
  return Map.groupBy(
    members.filter((index) => nodes[index]?.isRecord),
    (index) => nodes[index]?.contribution.ref.connection ?? '',
  );
}

/**
 * The records with which one is a pair. A pair for want of anybody else gives way when somebody with the right name
 * comes: one whose names contradict, and one without a name among people who contradict each other.
 */
export function partnersOf(
  { nodes }: Clusters,
  index: number,
  records: ReadonlyMap<string, readonly number[]>,
): number[] {
  const node = nodes[index];
  if (!node || node.contribution.withdrawn) return [];
  const wordsOf = (members: readonly number[]) =>
    members.map((member) => nodes[member]?.words ?? []).filter(({ length }) => length > 0);
  /** Of everybody at the address; null where they contradict each other. */
  const namesOfAll = (): readonly Name[] | null => {
    const all = wordsOf([...records.values()].flat());
    const distinct = [...new Map(all.map((name) => [name.join(' '), name])).values()];
    const isClear = distinct.every((name) =>
      distinct.every((other) => compareNames(name, other) !== 'other'),
    );
    return isClear ? distinct : null;
  };
  /** Its own name, or that of its system's records here, or of all; null: it may be any of several people. */
  const namesOf = (one: number): readonly Name[] | null => {
    const own = wordsOf([one]);
    if (own.length > 0) return own;
    const { isRecord, contribution } = nodes[one] ?? {};
    const ofSystem = isRecord ? wordsOf(records.get(contribution?.ref.connection ?? '') ?? []) : [];
    return ofSystem.length > 0 ? ofSystem : namesOfAll();
  };
  const names = namesOf(index);
  return [...records].flatMap(([connection, [eldest]]) => {
    if (connection === node.contribution.ref.connection || eldest === undefined) return [];
    const others = namesOf(eldest);
    return names && others && compareAny(names, others) !== 'other' ? [eldest] : [];
  });
}

/**
 * A pair ends when they are no longer one (an admin says so), when one was erased (it holds no key but its own), and
 * when a reference, unlike an address, names another record now.
 */
function hasEnded(
  { one, other, key }: Pairing,
  clusters: Clusters,
  holders: Holders,
  indexOf: ReadonlyMap<string, number>,
): boolean {
  const [a, b] = [indexOf.get(one), indexOf.get(other)];
  if (a === undefined || b === undefined) return false;
  if ([a, b].some((index) => isErased(clusters, index)) || clusters.root(a) !== clusters.root(b)) return true;
  if (evidenceOf(key) !== 'reference') return false;
  const named = holders.named(key);
  return [a, b].some((index) => index !== named && !clusters.nodes[index]?.keys.includes(key));
}

function isErased({ nodes }: Clusters, index: number): boolean {
  const node = nodes[index];
  return node?.contribution.withdrawn === true && node.keys.length < 2;
}
