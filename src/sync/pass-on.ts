/** Who has to look next at what changed: deals that are credited again, and systems that are told. */

import { closeTime } from '../canonical/close-time.ts';
import { type Entity, type EntityKind, entityKinds } from '../canonical/model.ts';
import { parseCovariate } from '../journey/covariates.ts';
import type { ResolvedEntity } from '../store/contract/entities.ts';
import type { Store } from '../store/contract/store.ts';
import type { Hub } from './hub.ts';
import { markForNews } from './settling.ts';
import { pushKeys } from './targets.ts';

/** What resolving has put in the place of what. */
export interface Replaced {
  readonly resolved: readonly ResolvedEntity[];
  /** Ids of the entities that the same contributions formed until now. */
  readonly before: readonly string[];
  readonly changed: readonly string[];
  /** People of whom touches may have come or gone with a session that they share. */
  readonly sharing: readonly string[];
  /** Ids of the resolved deals that were closed until now. */
  readonly wereClosed: ReadonlySet<string>;
}

/** Deals are credited again when they, their people or their people's touches changed; what changed is pushed. */
export async function passOn(
  hub: Hub,
  store: Store,
  { resolved, before, changed, sharing, wereClosed }: Replaced,
): Promise<void> {
  const idsOf = (kind: EntityKind) =>
    resolved.filter(({ entity }) => entity.kind === kind).map(({ entity }) => entity.id);
  const present = new Set(resolved.map(({ entity }) => entity.id));
  const ended = before.filter((id) => !present.has(id));
  const news = new Set(changed);
  const taking = resolved.filter(({ entity }) => wereClosed.has(entity.id) || mayTake(entity));
  const parties = await partiesOfChanged(
    hub,
    store,
    taking.map(({ entity }) => entity.id).filter((id) => news.has(id)),
  );
  const organizations = idsOf('Organization');
  const members = await membersWhoCount(
    hub,
    store,
    organizations.filter((id) => news.has(id)),
  );
  const persons = [...idsOf('Person'), ...ended, ...sharing, ...parties, ...members];
  await store.work.mark('attribute', [
    ...idsOf('Deal'),
    ...ended,
    ...(await store.entities.dealsOf(persons, [...organizations, ...parties])),
  ]);

  const entities = resolved.map(({ entity }) => entity).filter((entity) => news.has(entity.id));
  const children = changed.filter((id) => !present.has(id) && !ended.includes(id));
  const former = ended.flatMap((id) => entityKinds.map((kind) => ({ id, kind })));
  await store.work.mark('push', pushKeys(hub, [...entities, ...children.map(chatTouch)]));
  // What was parked or waits under an id that is no more is looked at once again, and ends.
  await store.work.mark('push', pushKeys(hub, former));
  await store.waits.wake(changed);
}

/** Whose deals are credited by what is known of these organizations: their people, where a covariate asks for it. */
async function membersWhoCount(
  { settings }: Hub,
  store: Store,
  organizations: readonly string[],
): Promise<string[]> {
  const isAsked = settings.attribution.covariates.some(
    (name) => parseCovariate(name)?.kind === 'Organization',
  );
  return isAsked ? store.entities.membersOf(organizations) : [];
}

/** Deals of organizations of which there is something new. */
export async function markDealsOfOrganizations(
  hub: Hub,
  store: Store,
  ids: readonly string[],
): Promise<void> {
  const deals = await store.entities.dealsOf(await membersWhoCount(hub, store, ids), ids);
  await store.work.mark('attribute', deals);
}

/** An open deal takes no touches from the others of its people, so that they need not be credited again with it. */
function mayTake(entity: Entity): boolean {
  return entity.kind === 'Deal' && closeTime(entity) !== null;
}

/** Of the resolved deals, as they were until now. */
export async function closedUntilNow(
  store: Store,
  resolved: readonly ResolvedEntity[],
): Promise<ReadonlySet<string>> {
  const deals = resolved.filter(({ entity }) => entity.kind === 'Deal').map(({ entity }) => entity.id);
  return new Set((await store.entities.get(deals)).filter(mayTake).map(({ id }) => id));
}

/** When a deal is closed, its people's later deals lose the touches that it has used up. */
async function partiesOfChanged(hub: Hub, store: Store, deals: readonly string[]): Promise<string[]> {
  if (hub.settings.attribution.touches === 'shared' || deals.length === 0) return [];
  return [...new Set([...(await store.entities.partiesOf(deals)).values()].flat())];
}

/** The only kind of entity that has a parent: when a deal ends, so do its touches and their records. */
function chatTouch(id: string): Pick<Entity, 'id' | 'kind'> {
  return { id, kind: 'ChatTouch' };
}

/** Something new of a person. */
export interface PersonNews {
  readonly id: string;
  /** Nothing of theirs before this time came or went, ms. */
  readonly since: number;
}

/** Deals that were closed before the news have their credit: a customer who goes on chatting costs their old deals nothing. */
export async function markDealsSince(hub: Hub, store: Store, news: readonly PersonNews[]): Promise<void> {
  const open = new Set<string>();
  for (const { id, since } of news) {
    const deals = await store.entities.dealsOf([id]);
    for (const deal of await store.entities.get(deals)) {
      const closedAt = closeTime(deal);
      if (closedAt === null || closedAt >= since) open.add(deal.id);
    }
  }
  await markForNews(hub, store, [...open]);
}

/** Moves with every chat in which an address is left, and bears on no credit. */
const restless = 'chatLeadAt';

/** Whether crediting deals may come out otherwise because these fields of a person are others now. */
export function bearsOnCredit(before: Entity['fields'], after: Entity['fields']): boolean {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  fields.delete(restless);
  return [...fields].some((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
}
