/** Stage 3: which contributions are one entity, and what its fields are; then who has to look at it next. */
import type { Entity, EntityKind } from '../canonical/model.ts';
import { type Cluster, contributionName, resolve } from '../identity/resolve.ts';
import { foldEntity } from '../mapping/fold.ts';
import type { Claim, Component, ResolvedEntity, Store } from '../store/contract.ts';
import { type Hub, leaseMs } from './hub.ts';
import { pushKeys } from './push.ts';
import { orderOf, rulesOf } from './rules.ts';

/** More records than this about one thing is a shared key (info@…), not a person: parked, never joined. */
const componentLimit = 2_000;

/** One batch of marked contributions. Returns how many it worked on. */
export async function resolveMarked(hub: Hub, limit = 1_000): Promise<number> {
  const claims = await hub.store.work.claim('resolve', limit, leaseMs);
  if (claims.length === 0) return 0;
  await hub.store.transaction(async (store) => {
    const components = await store.facts.components(
      claims.map((claim) => claim.key),
      componentLimit,
    );
    const resolved = components.flatMap((component) =>
      component.overLimit ? [] : resolveComponent(hub, component),
    );
    const before = components.flatMap((component) => (component.overLimit ? [] : component.entities));
    const changed = await store.entities.replace(resolved, before, hub.clock.now());
    await passOn(hub, store, resolved, before, changed);
    await settle(
      store,
      claims,
      components.filter(({ overLimit }) => overLimit),
    );
  });
  return claims.length;
}

function resolveComponent(hub: Hub, component: Component): ResolvedEntity[] {
  const { clusters, ambiguities } = resolve(component.contributions);
  for (const { key, entityIds } of ambiguities) {
    hub.log.debug(
      { key: key.slice(0, key.indexOf(':')), entities: entityIds.length },
      'a shared key joined nobody',
    );
  }
  return clusters.map((cluster) => ({ entity: fold(hub, cluster), keys: cluster.keys }));
}

function fold(hub: Hub, cluster: Cluster): Entity {
  const { contributions } = cluster;
  const kind = contributions[0]?.kind ?? 'Person';
  const { fields, provenance } = foldEntity(contributions, rulesOf(hub), orderOf(hub));
  return {
    id: cluster.entityId,
    kind,
    fields,
    provenance,
    members: contributions.map(contributionName).sort(),
    withdrawn: contributions.every((contribution) => contribution.withdrawn),
  };
}

/** Deals are credited again when they, their people or their people's touches changed; what changed is pushed. */
async function passOn(
  hub: Hub,
  store: Store,
  resolved: readonly ResolvedEntity[],
  before: readonly string[],
  changed: readonly string[],
): Promise<void> {
  const idsOf = (kind: EntityKind) =>
    resolved.filter(({ entity }) => entity.kind === kind).map(({ entity }) => entity.id);
  const present = new Set(resolved.map(({ entity }) => entity.id));
  const ended = before.filter((id) => !present.has(id));
  const persons = [...idsOf('Person'), ...ended];
  await store.work.mark('attribute', [
    ...idsOf('Deal'),
    ...ended,
    ...(await store.entities.dealsOf(persons)),
  ]);

  const news = new Set(changed);
  const entities = resolved.map(({ entity }) => entity).filter((entity) => news.has(entity.id));
  const children = changed.filter((id) => !present.has(id) && !ended.includes(id));
  await store.work.mark('push', pushKeys(hub, [...entities, ...children.map(chatTouch)]));
}

/** The only kind of entity that has a parent: when a deal ends, so do its touches and their records. */
function chatTouch(id: string): Pick<Entity, 'id' | 'kind'> {
  return { id, kind: 'ChatTouch' };
}

async function settle(store: Store, claims: readonly Claim[], tooLarge: readonly Component[]): Promise<void> {
  const names = new Set(tooLarge.flatMap(({ contributions }) => contributions.map(contributionName)));
  await store.work.done(claims.filter(({ key }) => !names.has(key)));
  for (const claim of claims.filter(({ key }) => names.has(key))) {
    await store.work.park(claim, {
      code: 'TOO_MANY_RECORDS_SHARE_A_KEY',
      message: `More than ${componentLimit} records hang together by shared keys; they were not joined. Take the shared key out of \`match\` in the mapping, or clean the records.`,
      record: claim.key,
    });
  }
}
