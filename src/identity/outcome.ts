/** What came out of weighing all evidence, in words that others understand. */
import { isLeading } from '../canonical/names.ts';
import { mostNamed } from '../canonical/pairs.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { Clusters } from './clusters.ts';
import { growthOf } from './growth.ts';
import { pairingsOf } from './pairings.ts';
import type { Ambiguity, Cluster, Resolution } from './resolution.ts';
import type { Paces, Scene } from './steps.ts';

/** @param bodies how many groups the records there formed before any address was looked at */
export function* describe(scene: Scene, bodies: number): Paces<Resolution> {
  const { clusters, memory, indexOf, holders } = scene;
  const { nodes } = clusters;
  const roots = clusters.roots(nodes.keys());
  yield;
  const ids = new Map(roots.map((root) => [root, fingerprint(nodes[root]?.name ?? '')]));
  const keys = yield* keysByRoot(scene, new Set(holders.crowds().map(({ key }) => key)));
  const found: Cluster[] = roots.map((root) => ({
    entityId: ids.get(root) ?? '',
    contributions: membersOf(clusters, root).flatMap((index) => nodes[index]?.contribution ?? []),
    keys: (keys.get(root) ?? []).sort(),
    held: heldBy(scene, root),
  }));
  yield;
  const ambiguities = ambiguitiesOf(scene, ids);
  yield;
  const remembered = yield* pairingsOf(clusters, holders, memory, indexOf);
  const growth = yield* growthOf(scene, bodies, remembered);
  return { clusters: found, ambiguities, ...remembered, ...(growth ? { growth } : {}) };
}

function ambiguitiesOf({ clusters, joining, holders }: Scene, ids: ReadonlyMap<number, string>): Ambiguity[] {
  const idOf = (index: number) => ids.get(clusters.root(index)) ?? '';
  const told = [...joining.refused, ...holders.crowds()].map(({ key, reason, members }) => {
    const involved = [...new Set([...members, ...holders.all(key)])];
    return {
      key,
      reason,
      entityIds: [...new Set(involved.map(idOf))].sort().slice(0, mostNamed),
      names: namesOf(clusters, involved),
      holders: involved.length,
    };
  });
  return told
    .filter(({ reason, entityIds }) => reason === 'too many' || entityIds.length > 1)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function membersOf(clusters: Clusters, root: number): number[] {
  return [...clusters.group(root).members].sort((a, b) => a - b);
}

function namesOf({ nodes }: Clusters, indexes: readonly number[]): string[] {
  const rank = (index: number) => (nodes[index]?.isRecord ? 0 : 1);
  const sorted = [...indexes].sort((a, b) => rank(a) - rank(b) || a - b);
  return sorted.slice(0, mostNamed).flatMap((index) => nodes[index]?.name ?? []);
}

/** Statements with a name or a record beside them are somebody; a cluster with nothing but a held one is not. */
function heldBy({ clusters, joining }: Scene, root: number): string | null {
  const { members, records } = clusters.group(root);
  if (records.size > 0 || joining.held.size === 0) return null;
  for (const member of members) {
    const key = joining.held.get(member);
    if (key !== undefined) return key;
  }
  return null;
}

/** A key leads to the only cluster that holds it in the strongest way in which anybody holds it. */
function* keysByRoot(
  { clusters, holders }: Scene,
  crowds: ReadonlySet<string>,
): Paces<Map<number, string[]>> {
  const kind = clusters.nodes[0]?.contribution.kind ?? 'Person';
  const found = new Map<number, string[]>();
  for (const text of holders.texts()) {
    yield;
    if (crowds.has(text) || !isLeading(kind, text)) continue;
    const [root, ...others] = clusters.roots(holders.strongest(text));
    if (root === undefined || others.length > 0) continue;
    const list = found.get(root);
    if (list) list.push(text);
    else found.set(root, [text]);
  }
  return found;
}
