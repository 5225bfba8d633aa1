/**
 * One more touch moves the share of every other, so crediting a deal takes the longer the more touches it has. A deal of
 * thousands is credited at once when it has been at rest, and then no oftener than it can bear: what comes meanwhile is
 * credited together. So a chat costs the same however many there were before it.
 */
import type { Store } from '../store/contract/store.ts';
import type { Hub } from './hub.ts';

/** A deal of so many is credited in a moment. */
const manyTouches = 200;
/** A touch is worked on in a twentieth of a millisecond: this leaves the deal half a percent of the time. */
const restMsPerTouch = 10;
/** Commands that end wait for as long. */
const longestRestMs = 15_000;

/** @param touches of the deal */
export function restMs(touches: number): number {
  return touches <= manyTouches ? 0 : Math.min(longestRestMs, touches * restMsPerTouch);
}

/** For news of what happened to the deals' people; anything else is credited at once. */
export async function markForNews(
  { clock }: Pick<Hub, 'clock'>,
  store: Store,
  deals: readonly string[],
): Promise<void> {
  const now = clock.now();
  const last = await store.credits.lastOf(deals);
  const resting = new Map(
    deals.flatMap((id) => {
      const { at, touches } = last.get(id) ?? { at: 0, touches: 0 };
      // A clock may have been ahead when it was credited.
      const until = Math.min(at, now) + restMs(touches);
      return until > now ? [[id, until] as const] : [];
    }),
  );
  await store.work.mark(
    'attribute',
    deals.filter((id) => !resting.has(id)),
  );
  for (const [id, until] of resting) await store.work.mark('attribute', [id], until);
}
