/** Stage 4: credits marked deals, and marks for stage 5 what came out different. */
import { creditDeals } from './credits.ts';
import { type Hub, leaseMs } from './hub.ts';
import { pushKeys } from './push.ts';

/** One batch of marked deals. Returns how many it worked on. */
export async function attributeMarked(hub: Hub, limit = 500): Promise<number> {
  const claims = await hub.store.work.claim('attribute', limit, leaseMs);
  if (claims.length === 0) return 0;
  const ids = claims.map((claim) => claim.key);
  // After the claim: a promotion before it is seen now, and one after it marks these deals again.
  const models = await hub.models.current();
  await hub.store.transaction(async (store) => {
    const credited = await creditDeals(hub, models, ids, { store });
    await store.credits.replace(
      ids,
      credited.flatMap((deal) => deal.lines),
    );
    const changed = new Set(
      await store.entities.setDerived(credited.map(({ id, fields }) => ({ id, fields }))),
    );
    const moved = credited.flatMap((deal) => (deal.entity && changed.has(deal.id) ? [deal.entity] : []));
    await store.work.mark('push', pushKeys(hub, moved));
    for (const { id, touches } of credited) {
      const ended = await store.entities.replaceChildren('ChatTouch', id, touches);
      // All of them, not only the changed ones: a touch may have waited for this deal's record.
      const marked = new Set([...ended, ...touches.map((touch) => touch.id)]);
      await store.work.mark(
        'push',
        pushKeys(
          hub,
          [...marked].map((touch) => ({ id: touch, kind: 'ChatTouch' as const })),
        ),
      );
    }
    await store.work.done(claims);
  });
  return claims.length;
}
