/**
 * Who is who at one address. Inside one system records with names that agree are duplicates, others are several
 * people. Across systems one record on each side is a pair; where a side has several, the name decides, or nothing
 * does. What visitors typed goes to the only one at the address, or to the one whose name agrees.
 */
import type { Joining } from './joining.ts';
import { agree, compareAny, type Name, type NameMatch } from './names.ts';

/** `held`: statements of which nobody knows to whom of several they belong. */
export function joinAtAddress(joining: Joining, key: string, holders: readonly number[]): void {
  const { clusters } = joining;
  const records = holders.filter((index) => clusters.nodes[index]?.isRecord);
  const bySystem = Map.groupBy(records, (index) => clusters.nodes[index]?.contribution.ref.connection ?? '');
  const systems = [...bySystem.keys()].sort();
  for (const system of systems) joinDuplicates(joining, key, bySystem.get(system) ?? []);
  const sides = systems.map((system) => bySystem.get(system) ?? []);
  joinAcross(joining, key, sides, pairByName);
  joinAcross(joining, key, sides, pairOneToOne);
  joinStatements(joining, key, records, holders);
}

// ------------------------------------------------------------------------------------------- one system

/** Each record joins the only group whose names it agrees with; one without a name the only group there is. */
function joinDuplicates(joining: Joining, key: string, records: readonly number[]): void {
  const groups: number[][] = [];
  for (const root of longestNamesFirst(joining, joining.clusters.roots(records))) {
    const alike = groups.filter((group) => group.every((other) => !contradict(joining, root, other)));
    const [home, ...others] = alike;
    const first = home?.[0];
    if (first !== undefined && others.length === 0 && joining.join(first, root, 'address', key))
      home?.push(root);
    else groups.push([root]);
  }
}

/** By words, then by letters: an initial that may stand for either of two waits until both are there. */
function longestNamesFirst({ clusters }: Joining, roots: readonly number[]): number[] {
  const lengthOf = (root: number) => {
    const names = [...clusters.group(root).names.values()];
    const longest = (measure: (name: Name) => number) => Math.max(0, ...names.map(measure));
    return { words: longest(({ length }) => length), letters: longest((name) => name.join('').length) };
  };
  const lengths = new Map(roots.map((root) => [root, lengthOf(root)]));
  const by = (measure: 'words' | 'letters', a: number, b: number) =>
    (lengths.get(b)?.[measure] ?? 0) - (lengths.get(a)?.[measure] ?? 0);
  return [...roots].sort((a, b) => by('words', a, b) || by('letters', a, b) || a - b);
}

function contradict(joining: Joining, a: number, b: number): boolean {
  return namesMatch(joining, a, b) === 'other';
}

function namesMatch({ clusters }: Joining, a: number, b: number): NameMatch {
  return compareAny(clusters.group(a).names.values(), [...clusters.group(b).names.values()]);
}

// ------------------------------------------------------------------------------------------- two systems

type Pairs = (joining: Joining, some: readonly number[], others: readonly number[]) => [number, number][];

function joinAcross(
  joining: Joining,
  key: string,
  sides: readonly (readonly number[])[],
  pairs: Pairs,
): void {
  for (const [index, side] of sides.entries()) {
    for (const other of sides.slice(index + 1)) {
      const [some, others] = [joining.clusters.roots(side), joining.clusters.roots(other)];
      for (const [a, b] of pairs(joining, some, others)) joining.join(a, b, 'address', key);
    }
  }
}

/** Two that agree with each other and with nobody else on the other side. */
function pairByName(
  joining: Joining,
  some: readonly number[],
  others: readonly number[],
): [number, number][] {
  const agreeing = (one: number, side: readonly number[]) =>
    side.filter((other) => other === one || agree(namesMatch(joining, one, other)));
  return some.flatMap((one): [number, number][] => {
    const [match, ...more] = agreeing(one, others);
    if (match === undefined || more.length > 0 || agreeing(match, some).length > 1) return [];
    return [[one, match]];
  });
}

function pairOneToOne(_: Joining, some: readonly number[], others: readonly number[]): [number, number][] {
  const [one, ...more] = some;
  const [other, ...further] = others;
  if (one === undefined || other === undefined || more.length + further.length > 0) return [];
  return [[one, other]];
}

// ------------------------------------------------------------------------------------------- statements

function joinStatements(
  joining: Joining,
  key: string,
  records: readonly number[],
  holders: readonly number[],
): void {
  const { clusters } = joining;
  const [known, loose] = partition(clusters.roots(holders), (root) => clusters.group(root).records.size > 0);
  const present = clusters.roots(records);
  // Where no record has the address any more, it leads to those who were found by it before.
  const homes = present.length > 0 ? present : known;
  const [only, ...others] = homes;
  if (only === undefined) joinAll(joining, key, loose);
  else if (others.length === 0) for (const root of loose) joining.join(only, root, 'address', key);
  else joinByName(joining, key, loose, homes);
}

function joinAll(joining: Joining, key: string, roots: readonly number[]): void {
  const [first, ...rest] = roots;
  if (first !== undefined) for (const root of rest) joining.join(first, root, 'address', key);
}

/** What agrees with nobody, or with several, waits for an admin, unless a chat tells later whose it is. */
function joinByName(joining: Joining, key: string, loose: readonly number[], homes: readonly number[]): void {
  joining.refuse(key, joining.areToldApart(homes) ? 'decided different' : 'other names', homes);
  const waiting = loose.filter((root) => {
    const [home, ...others] = homes.filter((one) => agree(namesMatch(joining, one, root)));
    return home === undefined || others.length > 0 || !joining.join(home, root, 'address', key);
  });
  if (waiting.length > 0) joining.refuse(key, 'several people', waiting);
  for (const root of waiting) joining.hold(key, root);
}

/** Those of one address that still wait once everything was heard: of one name, or of none, they wait as one. */
export function joinWaiting(joining: Joining): void {
  const { clusters } = joining;
  const waiting = [...joining.held].filter(([index]) => clusters.group(index).records.size === 0);
  const nameOf = (root: number) => [...clusters.group(root).names.keys()].sort().join('|');
  for (const [key, held] of Map.groupBy(waiting, ([, text]) => text)) {
    const roots = clusters.roots(held.map(([index]) => index));
    for (const group of Map.groupBy(roots, nameOf).values()) joinAll(joining, key, group);
  }
}

function partition<T>(items: readonly T[], holds: (item: T) => boolean): [T[], T[]] {
  return [items.filter(holds), items.filter((item) => !holds(item))];
}
