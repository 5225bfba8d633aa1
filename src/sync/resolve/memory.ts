/** What resolving remembers: pairs that were found, and ambiguous keys. */

import type { EntityKind } from '../../canonical/model.ts';
import { keyText } from '../../canonical/names.ts';
import type { Ambiguity, Resolution } from '../../identity/resolution.ts';
import type { Component, NewDoubt } from '../../store/contract/identity.ts';
import type { Store } from '../../store/contract/store.ts';
import type { Hub } from '../hub.ts';

export interface Resolved {
  readonly kind: EntityKind;
  readonly component: Component;
  readonly resolution: Resolution;
}

/** `before`: ids of the entities that the same contributions formed until now. */
export async function keepMemory(
  hub: Hub,
  store: Store,
  resolved: readonly Resolved[],
  before: readonly string[],
): Promise<void> {
  const at = hub.clock.now();
  const pairings = resolved.flatMap(({ resolution }) => resolution.pairings);
  await store.identity.forget(resolved.flatMap(({ resolution }) => resolution.ended));
  await store.identity.remember(pairings.map((pair) => ({ ...pair, at })));
  const present = resolved.flatMap(({ resolution }) => resolution.clusters.map(({ entityId }) => entityId));
  const doubts = resolved.flatMap((one) =>
    one.resolution.ambiguities.map((ambiguity) => doubtOf(one, ambiguity)),
  );
  const settled = resolved.flatMap(({ kind, resolution }) =>
    resolution.clusters.flatMap(({ contributions }) =>
      contributions.flatMap(({ keys, sessions = [] }) =>
        [...keys.map(keyText), ...sessions].map((key) => ({ kind, key })),
      ),
    ),
  );
  await store.identity.doubt([...new Set([...before, ...present])], doubts, settled);
}

function doubtOf(
  { kind, resolution }: Resolved,
  { key, reason, entityIds, names, holders }: Ambiguity,
): NewDoubt {
  const held = resolution.clusters.filter((cluster) => cluster.held === key).map(({ entityId }) => entityId);
  const involved = [...new Set([...entityIds, ...held])].sort();
  return { key, kind, reason, entityIds: involved, held, names, holders };
}
