/** Stage 4: credits marked deals, and marks for stage 5 what came out different. */
import { keptFacts, writtenDigest } from '../../credit/facts.ts';
import type { Computation } from '../../store/contract/credits.ts';
import type { Store } from '../../store/contract/store.ts';
import type { Claim } from '../../store/contract/work.ts';
import { eachInBreaths } from '../../support/breath.ts';
import { eachForItself } from '../batch.ts';
import { type Causes, claimWork } from '../editions.ts';
import { type Hub, leaseMs } from '../hub.ts';
import { keepStanding } from '../standing.ts';
import { pushKeys } from '../targets.ts';
import { type CreditedDeal, creditDeals } from './credits.ts';
import type { ModelSet } from './models.ts';
import { unchangedSince } from './unchanged.ts';

/** One batch of marked deals. `causes`: of the news of these connections. Returns how many it worked on. */
export async function attributeMarked(hub: Hub, limit = 500, causes?: Causes): Promise<number> {
  await markDue(hub);
  const claims = await claimWork(hub, 'attribute', limit, leaseMs, { causes });
  if (claims.length === 0) return 0;
  // After the claim: a promotion before it is seen now, and one after it marks these deals again.
  const models = await hub.models.current();
  await eachForItself(hub, claims, (store, part) => attributeBatch(hub, models, store, part));
  return claims.length;
}

/** Deals whose credit depends on the time are due when it has passed. */
async function markDue({ store, clock }: Hub): Promise<void> {
  if (!(await store.credits.isDue(clock.now()))) return;
  await store.transaction(async (inside) =>
    inside.work.mark('attribute', await inside.credits.takeDue(clock.now())),
  );
}

async function attributeBatch(
  hub: Hub,
  models: ModelSet,
  store: Store,
  claims: readonly Claim[],
): Promise<void> {
  const ids = claims.map((claim) => claim.key);
  const now = hub.clock.now();
  const credited = await creditDeals(hub, models, ids, { store, now });
  const rules = await keepStanding(store, models.standing);
  const computations = await eachInBreaths(credited, (deal) => computation(deal, now, rules));
  await store.credits.keep(computations, unchangedSince(store, models));
  await markDeals(hub, store, credited);
  await markTouches(hub, store, credited);
  await store.work.done(claims);
}

function computation(deal: CreditedDeal, at: number, rules: string): Computation {
  const { id, facts, fields, models, touches } = deal;
  const toldAt = fields['chatCredit.computedAt'];
  return {
    ...{ dealId: id, at, rules, models },
    endedAt: facts?.journey.journey.conversionTime ?? at,
    toldAt: typeof toldAt === 'number' ? toldAt : null,
    facts: facts ? keptFacts(facts) : null,
    dueAt: facts?.journey.changesAt ?? null,
    written: writtenDigest(fields, touches),
  };
}

async function markDeals(hub: Hub, store: Store, credited: readonly CreditedDeal[]): Promise<void> {
  const changed = new Set(
    await store.entities.setDerived(credited.map(({ id, fields }) => ({ id, fields }))),
  );
  const moved = credited.flatMap((deal) => (deal.entity && changed.has(deal.id) ? [deal.entity] : []));
  await store.work.mark('push', pushKeys(hub, moved));
}

async function markTouches(hub: Hub, store: Store, credited: readonly CreditedDeal[]): Promise<void> {
  const families = credited.map(({ id, touches }) => ({ parent: id, children: touches }));
  const ended = await store.entities.replaceChildren('ChatTouch', families);
  // All of them, not only the changed ones: a touch may have waited for its deal's record.
  const ids = new Set([...ended, ...credited.flatMap(({ touches }) => touches.map(({ id }) => id))]);
  const marks = pushKeys(
    hub,
    [...ids].map((id) => ({ id, kind: 'ChatTouch' as const })),
  );
  await store.work.mark('push', marks);
}
