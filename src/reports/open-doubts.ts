/** Ambiguous keys on which nobody has decided yet: what `suggest` tells and `status` counts. */

import type { Entity } from '../canonical/model.ts';
import type { Decision } from '../canonical/pairs.ts';
import { type Doubt, tooMany } from '../store/contract/identity.ts';
import type { Hub } from '../sync/hub.ts';

/** Reads the store, asks no vendor. */
export async function openDoubts({ store }: Hub): Promise<Doubt[]> {
  const doubts = (await store.identity.doubts()).filter(({ reason }) => reason !== 'decided different');
  const decisions = await store.identity.decisions();
  const crowds = decisions.length === 0 ? [] : doubts.filter(areAllNamed);
  if (crowds.length === 0) return doubts;
  const entities = await store.entities.get([...new Set(crowds.flatMap(({ entityIds }) => entityIds))]);
  const decided = decidedPairs(decisions, entities);
  const settled = new Set(crowds.filter(({ entityIds }) => areToldApart(entityIds, decided)));
  return doubts.filter((doubt) => !settled.has(doubt));
}

/** Of a key that too many share nobody is compared, so that resolving does not see that all have been told apart. */
function areAllNamed({ reason, entityIds, entities }: Doubt): boolean {
  return reason === tooMany && entityIds.length === entities;
}

function areToldApart(entityIds: readonly string[], decided: ReadonlySet<string>): boolean {
  return entityIds.every((one, index) =>
    entityIds.slice(index + 1).every((other) => decided.has(pairOf(one, other))),
  );
}

/** Pairs of these entities of which an admin has said something, whichever of their records it was said of. */
export function decidedPairs(
  decisions: readonly Decision[],
  entities: readonly Entity[],
): ReadonlySet<string> {
  if (decisions.length === 0) return new Set();
  const entityOf = new Map(entities.flatMap(({ id, members }) => members.map((name) => [name, id])));
  return new Set(
    decisions.flatMap(({ one, other }) => {
      const [a, b] = [entityOf.get(one), entityOf.get(other)];
      return a === undefined || b === undefined ? [] : [pairOf(a, b)];
    }),
  );
}

/** By ids of entities, in any order. */
export function pairOf(one: string, other: string): string {
  return [one, other].sort().join('\n');
}
