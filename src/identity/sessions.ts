/**
 * Who said what in one conversation. A name or a phone number without an address belongs to the person who said in the
 * same conversation who they are, whoever else uses the browser. Where several said so, the name decides, or nothing
 * does: two addresses in one conversation may be two people's.
 */
import type { Node } from './clusters.ts';
import type { Holders } from './holders.ts';
import type { Joining } from './joining.ts';
import { evidenceOf } from './keys.ts';
import { agree, compareAny, haveHalves } from './names.ts';

/**
 * Before addresses lead anywhere: at a shared mailbox, a name tells which of its people is speaking. It has to be the
 * name of one of them, or what was said would hang together only until the address is remembered.
 */
export function joinAtOneAddress(
  joining: Joining,
  key: string,
  members: readonly number[],
  holders: Holders,
): void {
  const { nodes } = joining.clusters;
  const somebodies = members.filter((index) => isSomebody(nodes[index]));
  const told = somebodies.map(
    (index) => `${nodes[index]?.addresses.join(' ')}|${nodes[index]?.words.join(' ')}`,
  );
  const [first] = somebodies;
  if (first === undefined || new Set(told).size > 1) return;
  const there = (nodes[first]?.addresses ?? []).flatMap((text) => holders.all(text));
  const names = there.flatMap((index) => (nodes[index]?.isRecord ? [nodes[index].words] : []));
  const isOneOfThem = (index: number) => agree(compareAny([nodes[index]?.words ?? []], names));
  for (const index of members)
    if (!isSomebody(nodes[index]) && isOneOfThem(index) && fits(joining, first, index))
      joining.join(first, index, 'session', key);
}

/** Once addresses and chat users have led to people. `isUser`: known by an address from another conversation. */
export function joinInSession(
  joining: Joining,
  key: string,
  members: readonly number[],
  isUser: (index: number) => boolean,
): void {
  const { clusters } = joining;
  const isKnown = (index: number) => isSomebody(clusters.nodes[index]) || isUser(index);
  const homes = clusters.roots(members.filter(isKnown));
  if (homes.length === 0) return;
  for (const index of members) {
    if (isKnown(index) || clusters.group(index).identified) continue;
    const agreeing = homes.filter((home) => agree(namesMatch(joining, home, index)));
    const fitting = agreeing.length > 0 ? agreeing : homes.filter((home) => fits(joining, home, index));
    const [home, ...others] = fitting;
    if (home !== undefined && others.length === 0) joining.join(home, index, 'session', key);
    else joining.refuse(key, home === undefined ? 'other names' : 'several people', [...homes, index]);
  }
}

/** Whether one has a chat user who is somebody. Each user's statements are looked through once. */
export function usersAmong(nodes: readonly Node[], holders: Holders): (index: number) => boolean {
  const known = new Map<string, boolean>();
  const isKnown = (text: string) => {
    const found = known.get(text) ?? holders.all(text).some((index) => isSomebody(nodes[index]));
    known.set(text, found);
    return found;
  };
  return (index) => nodes[index]?.keys.some((text) => evidenceOf(text) === 'chat' && isKnown(text)) ?? false;
}

function isSomebody(node: Node | undefined): boolean {
  return node !== undefined && (node.isRecord || node.addresses.length > 0);
}

function fits(joining: Joining, home: number, index: number): boolean {
  const { clusters } = joining;
  return (
    namesMatch(joining, home, index) !== 'other' ||
    haveHalves(clusters.group(home).parts, clusters.group(index).parts)
  );
}

function namesMatch({ clusters }: Joining, home: number, index: number) {
  return compareAny(clusters.group(home).names.values(), [...clusters.group(index).names.values()]);
}
