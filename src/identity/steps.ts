/**
 * The evidence, weighed in order of its strength. Each step is a generator that pauses where thousands may hang
 * together, so that the event loop may turn in between.
 */
import type { Pairing } from '../canonical/pairs.ts';
import { joinAtAddress, joinWaiting } from './addresses.ts';
import type { Clusters } from './clusters.ts';
import type { Guard } from './guard.ts';
import type { Holders } from './holders.ts';
import type { Joining } from './joining.ts';
import { evidenceOf, isVendorsOwn } from './keys.ts';
import type { Memory } from './memory.ts';
import { joinAtOneAddress, joinInSession, usersAmong } from './sessions.ts';

export interface Scene {
  readonly memory: Memory;
  /** Name of a contribution → its index. */
  readonly indexOf: ReadonlyMap<string, number>;
  readonly clusters: Clusters;
  readonly guard: Guard;
  readonly joining: Joining;
  readonly holders: Holders;
}

export type Paces<T = void> = Generator<undefined, T>;

/** The strongest first. */
export const beforeAddresses: readonly ((scene: Scene) => Paces)[] = [
  joinVendorsOwn,
  joinDecided,
  joinPaired,
  joinReferred,
  joinSessions,
];

export const fromAddresses: readonly ((scene: Scene) => Paces)[] = [
  joinAddresses,
  joinChats,
  joinBySession,
  joinWaitingOnes,
  joinHints,
];

/** A system's word on its own records: merged ones, a lead and the contact that it became. */
function* joinVendorsOwn({ clusters, guard, joining, holders }: Scene): Paces {
  for (const [text, members] of holders.of('reference')) {
    const own = members.filter((index) => {
      const node = clusters.nodes[index];
      return node && isVendorsOwn(node.contribution, text);
    });
    const [first, ...rest] = own;
    if (first !== undefined) for (const index of rest) joining.join(first, index, 'vendor', text);
    yield;
  }
  guard.noteVendorsOwn();
}

function* joinDecided({ memory, indexOf, joining }: Scene): Paces {
  for (const { one, other, verdict } of [...memory.decisions].sort(byNames)) {
    const [a, b] = [indexOf.get(one), indexOf.get(other)];
    if (verdict === 'same' && a !== undefined && b !== undefined) joining.join(a, b, 'decision', 'decision');
    yield;
  }
}

function byNames(a: { one: string; other: string }, b: { one: string; other: string }): number {
  return a.one < b.one ? -1 : a.one > b.one ? 1 : a.other < b.other ? -1 : 1;
}

/**
 * Pairs by address stay pairs when an address changes; the first pair that was found is the first to count. Records
 * come before what visitors typed: a record without a name must not take that of a visitor while its own pair, whose
 * name is another, has not been joined yet.
 */
function* joinPaired({ memory, indexOf, clusters, joining }: Scene): Paces {
  const isOfRecords = ({ one, other }: Pairing) =>
    [one, other].every((name) => clusters.nodes[indexOf.get(name) ?? -1]?.isRecord);
  const inTime = [...memory.pairings].sort((a, b) => a.at - b.at || byNames(a, b));
  for (const { one, other, key } of [...inTime].sort(
    (a, b) => Number(isOfRecords(b)) - Number(isOfRecords(a)),
  )) {
    const [a, b] = [indexOf.get(one), indexOf.get(other)];
    if (evidenceOf(key) === 'address' && a !== undefined && b !== undefined)
      joining.join(a, b, 'pairing', key);
    yield;
  }
}

/** The record that is named, then the one that was paired with it before, then the oldest that names it. */
function* joinReferred({ clusters, memory, joining, holders }: Scene): Paces {
  const before = pairedBy(memory);
  const isDead = (index: number) => clusters.nodes[index]?.contribution.withdrawn ?? false;
  for (const [text, members] of holders.of('reference')) {
    const anchor = holders.named(text);
    const paired = before.get(text);
    const rank = (index: number) =>
      index === anchor ? 0 : paired?.has(clusters.nodes[index]?.name ?? '') ? 1 : isDead(index) ? 3 : 2;
    const ranked = [...new Set([...(anchor === undefined ? [] : [anchor]), ...members])].sort(
      (a, b) => rank(a) - rank(b) || a - b,
    );
    const [first, ...rest] = ranked;
    if (first !== undefined) for (const index of rest) joining.join(first, index, 'reference', text);
    yield;
  }
}

function pairedBy({ pairings }: Memory): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { key, one, other } of pairings) {
    if (evidenceOf(key) !== 'reference') continue;
    found.set(key, (found.get(key) ?? new Set()).add(one).add(other));
  }
  return found;
}

/** What is told of one conversation is one; of people, each says something of somebody. */
function* joinSessions({ clusters, joining, holders }: Scene): Paces {
  const arePeople = clusters.nodes[0]?.contribution.kind === 'Person';
  for (const [text, members] of holders.of('session')) {
    if (arePeople) joinAtOneAddress(joining, text, members, holders);
    else joining.joinAll(clusters.roots(members), 'session', text);
    yield;
  }
}

/** First by the address that each record is written to; then by the further ones that some systems keep. */
function* joinAddresses({ joining, holders }: Scene): Paces {
  const all = [...holders.of('address')].filter(([, members]) => members.length > 1);
  for (const [text, members] of all) {
    const first = holders.firstAt(text, members);
    if (first.length > 0) joinAtAddress(joining, text, first);
    yield;
  }
  for (const [text, members] of all) {
    joinAtAddress(joining, text, members);
    yield;
  }
}

function* joinChats({ clusters, joining, holders }: Scene): Paces {
  for (const [text, members] of holders.of('chat')) {
    if (members.length > 1) joining.joinAll(clusters.roots(members), 'chat', text);
    yield;
  }
}

/** Not before the chats: an account that is known is somebody. */
function* joinBySession({ clusters, joining, holders }: Scene): Paces {
  if (clusters.nodes[0]?.contribution.kind !== 'Person') return;
  const isUser = usersAmong(clusters.nodes, holders);
  for (const [text, members] of holders.of('session')) {
    if (members.length > 1) joinInSession(joining, text, members, isUser);
    yield;
  }
}

/** Not before the chats: a visitor who is logged in is known by that, and takes nobody along who is not. */
function* joinWaitingOnes({ joining }: Scene): Paces {
  joinWaiting(joining);
  yield;
}

/**
 * A weak key is a hint: a shared office phone or a shared browser must not make two people one. It joins only where
 * it leads to a single identified one.
 */
function* joinHints({ clusters, joining, holders }: Scene): Paces {
  for (const [text, members] of holders.hints()) {
    yield;
    const roots = clusters.roots(members);
    if (roots.length < 2) continue;
    const identified = roots.filter((root) => clusters.group(root).identified);
    if (identified.length > 1) joining.refuse(text, 'several people', roots);
    else joining.joinAll(roots, evidenceOf(text), text);
  }
}
