/** Stage 4: credits marked deals, and marks for stage 5 what came out different. */
import { keptFacts, writtenDigest } from '../credit/facts.ts';
import type { Computation, Store } from '../store/contract.ts';
import { type CreditedDeal, creditDeals } from './credits.ts';
import { type Hub, leaseMs } from './hub.ts';
import { pushKeys } from './push.ts';
import { keepStanding } from './standing.ts';

/** One batch of marked deals. Returns how many it worked on. */
export async function attributeMarked(hub: Hub, limit = 500): Promise<number> {
  const claims = await hub.store.work.claim('attribute', limit, leaseMs);
  if (claims.length === 0) return 0;
  const ids = claims.map((claim) => claim.key);
  // After the claim: a promotion before it is seen now, and one after it marks these deals again.
  const models = await hub.models.current();
  await hub.store.transaction(async (store) => {
    const now = hub.clock.now();
    const credited = await creditDeals(hub, models, ids, { store, now });
    const rules = await keepStanding(store, models.standing);
    await store.credits.keep(credited.map((deal) => computation(deal, now, rules)));
    await markDeals(hub, store, credited);
    await markTouches(hub, store, credited);
    await store.work.done(claims);
  });
  return claims.length;
}

function computation(deal: CreditedDeal, at: number, rules: string): Computation {
  const { id, facts, fields, lines, touches } = deal;
  const toldAt = fields['chatCredit.computedAt'];
  return {
    ...{ dealId: id, at, rules, lines },
    endedAt: facts?.journey.journey.conversionTime ?? at,
    toldAt: typeof toldAt === 'number' ? toldAt : null,
    facts: facts ? keptFacts(facts) : null,
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
