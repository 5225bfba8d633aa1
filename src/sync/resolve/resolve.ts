/** Stage 3: which contributions are one entity, and what its fields are; then who has to look at it next. */

import type { Contribution, Entity } from '../../canonical/model.ts';
import { contributionName } from '../../canonical/names.ts';
import type { Cluster } from '../../identity/resolution.ts';
import { resolve, resolveInBreaths } from '../../identity/resolve.ts';
import { foldEntity } from '../../mapping/folding/fold.ts';
import type { Component } from '../../store/contract/identity.ts';
import type { Store } from '../../store/contract/store.ts';
import type { Claim } from '../../store/contract/work.ts';
import { breath, eachInBreaths } from '../../support/breath.ts';
import { eachForItself } from '../batch.ts';
import { type Causes, claimWork } from '../editions.ts';
import { type Hub, leaseMs } from '../hub.ts';
import { closedUntilNow, passOn } from '../pass-on.ts';
import { limitsOf, orderOf, rulesOf } from '../rules.ts';
import { withClosings } from './closings.ts';
import { Formerly } from './formerly.ts';
import { growClaimed, growthOf } from './grow.ts';
import { componentLimit } from './limits.ts';
import { keepMemory, type Resolved } from './memory.ts';

/** Resolving fewer contributions than this is done within a turn of the event loop. */
const largeComponent = 200;

/** One batch of marked contributions. `causes`: of the news of these connections. Returns how many it worked on. */
export async function resolveMarked(hub: Hub, limit = 1_000, causes?: Causes): Promise<number> {
  const claims = await claimWork(hub, 'resolve', limit, leaseMs, { causes });
  await eachForItself(hub, claims, (store, part) => resolveBatch(hub, store, part));
  return claims.length;
}

async function resolveBatch(hub: Hub, store: Store, claimed: readonly Claim[]): Promise<void> {
  const claims = await growClaimed(hub, store, claimed);
  if (claims.length === 0) return;
  const components = await store.facts.components(
    claims.map((claim) => claim.key),
    componentLimit,
    limitsOf(hub),
  );
  const resolutions: Resolved[] = [];
  for (const component of components) {
    if (!component.overLimit) resolutions.push(...(await resolveComponent(hub, component)));
    const pause = breath();
    if (pause) await pause;
  }
  const formerly = await Formerly.near(store, components);
  const clusters = resolutions.flatMap(({ resolution }) => resolution.clusters);
  const closed = await withClosings(
    store,
    clusters.flatMap(({ contributions }) => contributions),
  );
  const folded = await eachInBreaths(resolutions, ({ resolution }) =>
    resolution.clusters.map((cluster) => {
      const isAlone = !formerly.concerns(cluster.contributions);
      const growth = isAlone ? growthOf(hub, resolution, cluster.contributions) : undefined;
      return { entity: fold(hub, cluster, closed), keys: cluster.keys, ...(growth ? { growth } : {}) };
    }),
  );
  const resolved = folded.flat();
  const before = components.flatMap((component) => (component.overLimit ? [] : component.entities));
  const inSession = await store.entities.sharingSessions(resolved, before);
  const wereClosed = await closedUntilNow(store, resolved);
  const changed = await store.entities.replace(resolved, before, hub.clock.now());
  await keepMemory(hub, store, resolutions, before);
  const sharing = [...inSession, ...(await formerly.people(store))];
  await passOn(hub, store, { resolved, before, changed, sharing, wereClosed });
  await settle(
    store,
    claims,
    components.filter(({ overLimit }) => overLimit),
  );
}

async function resolveComponent(hub: Hub, component: Component): Promise<Resolved[]> {
  const { contributions, pairings, decisions, crowds } = component;
  const kind = contributions[0]?.kind;
  if (!kind) return [];
  const memory = { pairings, decisions, crowds: new Set(crowds), limits: limitsOf(hub) };
  const isLarge = contributions.length > largeComponent;
  const resolution = isLarge ? await resolveInBreaths(contributions, memory) : resolve(contributions, memory);
  for (const { key, reason, holders } of resolution.ambiguities)
    hub.log.debug(
      { key: key.slice(0, key.indexOf(':')), reason, holders },
      'ignored an ambiguous key shared by several entities',
    );
  return [{ kind, component, resolution }];
}

function fold(hub: Hub, cluster: Cluster, closed: ReadonlyMap<Contribution, Contribution>): Entity {
  const contributions = cluster.contributions.map((said) => closed.get(said) ?? said);
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
