/**
 * The short way of stage 3: a statement like those that a person of many statements has made before joins them, and
 * nobody else has to be looked at. What does not fit is left to the long way, which comes to the same.
 */

import type { Alike, Growth } from '../../canonical/growth.ts';
import type { Contribution, EntityKind } from '../../canonical/model.ts';
import { contributionName, keyText } from '../../canonical/names.ts';
import { inOrder } from '../../canonical/pairs.ts';
import { keysOf, likeOneThere } from '../../identity/growth.ts';
import type { Resolution } from '../../identity/resolution.ts';
import { foldEntity } from '../../mapping/folding/fold.ts';
import { foldedOnes } from '../../mapping/folding/folded.ts';
import type { Addition, Brought, Newcomer, ResolvedEntity } from '../../store/contract/entities.ts';
import type { Store } from '../../store/contract/store.ts';
import type { Claim } from '../../store/contract/work.ts';
import type { Hub } from '../hub.ts';
import { names as editionNames, ownEditions } from '../own-editions.ts';
import { bearsOnCredit, markDealsOfOrganizations, markDealsSince, type PersonNews } from '../pass-on.ts';
import { orderOf, rulesOf } from '../rules.ts';
import { pushKeys } from '../targets.ts';
import { componentLimit } from './limits.ts';

/** Values that keep more contributions in play than this are folded as a whole each time. */
const mostFolded = 50;

/** What is to be kept of an entity so that it can grow; undefined where it cannot. */
export function growthOf(
  hub: Hub,
  { growth }: Resolution,
  contributions: readonly Contribution[],
): ResolvedEntity['growth'] {
  // What a deal is depends on its events, too.
  if (!growth || contributions[0]?.kind === 'Deal') return undefined;
  const folded = foldedOnes(contributions, rulesOf(hub), orderOf(hub));
  if (folded.length > mostFolded || contributions.every(({ withdrawn }) => withdrawn)) return undefined;
  return { ...growth, folded: folded.map(contributionName), rules: rulesVersion(hub) };
}

function rulesVersion(hub: Hub): string {
  return ownEditions(hub).get(editionNames.fold)?.version ?? '';
}

/** Takes up those of the claimed contributions that only add themselves; returns the claims that are left. */
export async function growClaimed(hub: Hub, store: Store, claims: readonly Claim[]): Promise<Claim[]> {
  const names = claims.map(({ key }) => key);
  const found = await store.entities.newcomers(names);
  if (found.length === 0) return [...claims];
  // Whose own members changed is looked at as a whole anyway: what was kept of them is of before that change.
  const changed = new Set((await store.entities.growing(names)).values());
  const fitting = found.flatMap((one) => {
    if (changed.has(one.entityId) || one.growth.rules !== rulesVersion(hub)) return [];
    const alike = likeOneThere(one.contribution, one.growth, one);
    return alike ? [{ ...one, alike }] : [];
  });
  const byEntity = Map.groupBy(await withPartnersAtRest(store, fitting), ({ entityId }) => entityId);
  const grown = await grownBy(hub, store, [...byEntity.values()]);
  const taken = new Set(grown.flatMap(({ addition }) => addition.contributions.map(contributionName)));
  if (taken.size === 0) return [...claims];
  const brought = await store.entities.grow(grown.map(({ addition }) => addition));
  await rememberPairs(hub, store, grown);
  await passOnGrown(hub, store, grown, brought);
  await store.work.done(claims.filter(({ key }) => taken.has(key)));
  return claims.filter(({ key }) => !taken.has(key));
}

interface Fitting extends Newcomer {
  readonly alike: Alike;
}

/** A record that has changed and is yet to be resolved may be no partner of theirs any more. */
async function withPartnersAtRest(store: Store, fitting: readonly Fitting[]): Promise<Fitting[]> {
  const partnersOf = ({ alike }: Fitting) => alike.partners.map(({ name }) => name);
  const dirty = await store.work.dirty('resolve', [...new Set(fitting.flatMap(partnersOf))]);
  return fitting.filter((one) => !partnersOf(one).some((name) => dirty.has(name)));
}

interface Grown {
  readonly kind: EntityKind;
  readonly before: Newcomer['fields'];
  readonly addition: Addition;
  readonly newcomers: readonly Fitting[];
}

async function grownBy(hub: Hub, store: Store, groups: readonly (readonly Fitting[])[]): Promise<Grown[]> {
  const needed = new Set(groups.flatMap((group) => group[0]?.growth.folded ?? []));
  const said = await store.facts.contributions([...needed]);
  const byName = new Map(said.map((one) => [contributionName(one), one]));
  return groups.flatMap((group) => {
    const [first] = group;
    const number = (first?.growth.number ?? 0) + group.length;
    // Too many are the long way's to tell.
    if (!first || number > componentLimit) return [];
    const folded = first.growth.folded.map((name) => byName.get(name));
    // One of them is gone: it is marked, and all that it belonged to is about to be resolved.
    if (!folded.every((one) => one !== undefined)) return [];
    return grownTo(hub, group, first, folded, number) ?? [];
  });
}

function grownTo(
  hub: Hub,
  newcomers: readonly Fitting[],
  { entityId, fields: before, growth, contribution: { kind } }: Fitting,
  folded: readonly Contribution[],
  number: number,
): Grown | null {
  const contributions = newcomers.map(({ contribution }) => contribution);
  const { fields, provenance } = foldEntity([...folded, ...contributions], rulesOf(hub), orderOf(hub));
  const kept = foldedOnes([...folded, ...contributions], rulesOf(hub), orderOf(hub)).map(contributionName);
  if (kept.length > mostFolded) return null;
  const next: Growth = { ...growth, number, folded: kept };
  const keys = newcomers.flatMap((one) => keysOf(one.contribution, one.alike));
  return {
    kind,
    before,
    newcomers,
    addition: { entityId, contributions, fields, provenance, growth: next, keys },
  };
}

/** As resolving all of it would. */
async function rememberPairs(hub: Hub, store: Store, grown: readonly Grown[]): Promise<void> {
  const at = hub.clock.now();
  const pairings = grown.flatMap(({ newcomers }) =>
    newcomers.flatMap(({ contribution, alike }) =>
      alike.partners.map(({ name, key }) => ({ ...inOrder(contributionName(contribution), name), key, at })),
    ),
  );
  await store.identity.remember(pairings);
  const leading = grown.flatMap(({ kind, addition }) =>
    addition.contributions.flatMap(({ keys }) => keys.map((key) => ({ kind, key: keyText(key) }))),
  );
  await store.identity.doubt([], [], leading);
}

async function passOnGrown(
  hub: Hub,
  store: Store,
  grown: readonly Grown[],
  brought: readonly Brought[],
): Promise<void> {
  const people = new Map(
    grown.filter(({ kind }) => kind === 'Person').map((one) => [one.addition.entityId, one]),
  );
  const news = brought.flatMap(({ entityId, since, sharing }): PersonNews[] => {
    const one = people.get(entityId);
    if (!one) return [];
    const isOther = bearsOnCredit(one.before, one.addition.fields);
    const own = {
      id: entityId,
      since: isOther ? Number.NEGATIVE_INFINITY : (since ?? Number.POSITIVE_INFINITY),
    };
    return [own, ...sharing.map((id) => ({ id, since: Number.NEGATIVE_INFINITY }))];
  });
  await markDealsSince(hub, store, news);
  const organizations = grown.filter(({ kind }) => kind === 'Organization');
  await markDealsOfOrganizations(
    hub,
    store,
    organizations.map(({ addition }) => addition.entityId),
  );
  const ids = grown.map(({ kind, addition }) => ({ id: addition.entityId, kind }));
  await store.work.mark('push', pushKeys(hub, ids));
  await store.waits.wake(ids.map(({ id }) => id));
}
