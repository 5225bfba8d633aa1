/**
 * When one more statement only adds itself. It does where everything that hangs together is one entity, nothing was
 * refused on the way, and no two groups of records waited for an address to join them: then a statement goes wherever
 * those like it go (see `likeness.ts`), and takes nobody along.
 */

import type { Alike, Growth, GrowthFound } from '../canonical/growth.ts';
import type { Contribution } from '../canonical/model.ts';
import { keyText, recordKey } from '../canonical/names.ts';
import { limitOf } from '../canonical/pairs.ts';
import { nodeOf } from './clusters.ts';
import { likenessOf, otherKeys } from './likeness.ts';
import { type PairingChange, partnersOf, recordsAmong } from './pairings.ts';
import type { Paces, Scene } from './steps.ts';

/** To resolve fewer than this as a whole costs less than to remember how they could be spared it. */
const fewestToGrow = 20;

/** Who gives so many names or addresses is looked at as a whole each time. */
const mostAlike = 50;

export function* growthOf(
  scene: Scene,
  bodies: number,
  remembered: PairingChange,
): Paces<GrowthFound | undefined> {
  const { nodes } = scene.clusters;
  const [eldest] = nodes;
  if (!eldest || nodes.length < fewestToGrow || bodies > 1 || !isPlain(scene, remembered)) return undefined;
  const firsts = new Map<string, number>();
  const keys = new Map<string, GrowthFound['keys'][number]>();
  for (const [index, node] of nodes.entries()) {
    const likeness = likenessOf(node);
    if (likeness === null) continue;
    if (!firsts.has(likeness)) firsts.set(likeness, index);
    for (const key of otherKeys(node)) keys.set(`${likeness}${key}`, { likeness, key });
    yield;
  }
  if (firsts.size === 0 || firsts.size > mostAlike) return undefined;
  return {
    eldest: { createdAt: eldest.contribution.createdAt, name: eldest.name },
    number: nodes.length,
    alike: [...firsts].map(([likeness, index]) => ({ likeness, partners: partnersAt(scene, index) })),
    keys: [...keys.values()],
  };
}

function isPlain(scene: Scene, remembered: PairingChange): boolean {
  const { clusters, joining, holders, memory } = scene;
  if (clusters.roots(clusters.nodes.keys()).length > 1) return false;
  if (joining.refused.length + joining.held.size + holders.crowds().length > 0) return false;
  if (memory.crowds.size + memory.decisions.length + remembered.ended.length > 0) return false;
  return hasFewNames(scene) && !isAnyOfRecords(scene, remembered);
}

/** Who shares an address is counted by names among some of its holders: these are too few for any count to matter. */
function hasFewNames({ clusters, memory }: Scene): boolean {
  const names = new Set(clusters.nodes.map(({ words }) => words.join(' ')));
  return names.size <= Math.min(limitOf(memory.limits, 'email'), limitOf(memory.limits, 'domain'));
}

/** Records that were found to be one just now will be so by another way the next time. */
function isAnyOfRecords({ clusters, indexOf }: Scene, { pairings }: PairingChange): boolean {
  const isRecord = (name: string) => clusters.nodes[indexOf.get(name) ?? -1]?.isRecord ?? false;
  return pairings.some(({ one, other }) => isRecord(one) && isRecord(other));
}

/** As `pairingsOf` finds them for a statement that is new. */
function partnersAt({ clusters, holders }: Scene, index: number): Alike['partners'] {
  const found = new Map<string, string>();
  for (const text of [...(clusters.nodes[index]?.addresses ?? [])].sort())
    for (const partner of partnersOf(clusters, index, recordsAmong(clusters, holders.all(text)))) {
      const name = clusters.nodes[partner]?.name ?? '';
      if (!found.has(name)) found.set(name, text);
    }
  return [...found].map(([name, key]) => ({ name, key }));
}

// ------------------------------------------------------------------------------------------- one more

/** What the store knows of the keys of a statement that is new, by their texts. */
export interface KeysFound {
  /** Those that others hold too. */
  readonly shared: ReadonlySet<string>;
  /** Likenesses of the entity's statements that hold them. */
  readonly likenesses: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whom the statement is like, if it only adds itself to the entity; null where all have to be looked at. */
export function likeOneThere(said: Contribution, growth: Growth, found: KeysFound): Alike | null {
  const node = nodeOf(said);
  const likeness = likenessOf(node);
  const alike = growth.alike.find((one) => one.likeness === likeness);
  if (!alike || found.shared.has(keyText(recordKey(said.ref))) || !isYounger(node, growth)) return null;
  const isTheirs = (key: string) =>
    !found.shared.has(key) || found.likenesses.get(key)?.has(alike.likeness) === true;
  return otherKeys(node).every(isTheirs) ? alike : null;
}

function isYounger(
  { contribution: { createdAt }, name }: { contribution: Contribution; name: string },
  { eldest }: Growth,
): boolean {
  return createdAt > eldest.createdAt || (createdAt === eldest.createdAt && name > eldest.name);
}

/** What the entity's statements of that likeness hold with this one. */
export function keysOf(said: Contribution, { likeness }: Alike): GrowthFound['keys'] {
  return otherKeys(nodeOf(said)).map((key) => ({ likeness, key }));
}
