/** What of their people's time each deal has lost to deals that were closed before it. */

import { closeTime } from '../../canonical/close-time.ts';
import type { Entity } from '../../canonical/model.ts';
import { SpentTime } from '../../journey/spent.ts';
import type { Window, WindowSettings } from '../../journey/window.ts';
import type { DealFacts } from '../../store/contract/entities.ts';
import type { Store } from '../../store/contract/store.ts';

export interface UsedUp {
  /** By person. */
  readonly usedUp: ReadonlyMap<string, readonly Window[]>;
  /** When the next of the people's other deals is to be closed, by its date, ms. */
  readonly othersClose: number | undefined;
}

export const nothingUsedUp: UsedUp = { usedUp: new Map(), othersClose: undefined };

/** By deal. @param known entities that need not be read again, by id */
export async function usedUpOf(
  store: Store,
  deals: readonly Pick<DealFacts, 'dealId' | 'people'>[],
  known: ReadonlyMap<string, Entity>,
  settings: WindowSettings,
  now: number,
): Promise<ReadonlyMap<string, UsedUp>> {
  if (settings.touches === 'shared') return new Map();
  const people = new Set(deals.flatMap((deal) => deal.people.map(({ id }) => id)));
  const dealsOf = await store.entities.dealsOfPeople([...people]);
  const unknown = new Set([...dealsOf.values()].flat().filter((id) => !known.has(id)));
  const others = await store.entities.get([...unknown]);
  const entities = new Map([...known, ...others.map((one) => [one.id, one] as const)]);
  const theirs = new Map(
    [...people].map((id) => {
      const own = (dealsOf.get(id) ?? []).flatMap((deal) => entities.get(deal) ?? []);
      return [id, { spent: new SpentTime(own, settings, now), closes: closesAfter(own, now) }] as const;
    }),
  );
  return new Map(
    deals.flatMap(({ dealId, people: own }) => {
      const deal = entities.get(dealId);
      if (!deal) return [];
      const parts = own.flatMap(({ id }) => {
        const spent = theirs.get(id)?.spent;
        return spent ? [[id, spent.before(deal)] as const] : [];
      });
      const closes = own.map(({ id }) => nextOf(theirs.get(id)?.closes ?? [], dealId));
      const next = Math.min(...closes);
      const othersClose = Number.isFinite(next) ? next : undefined;
      return [[dealId, { usedUp: new Map(parts), othersClose }] as const];
    }),
  );
}

interface Close {
  readonly dealId: string;
  readonly at: number;
}

/** Those that are yet to come, the next one first. */
function closesAfter(deals: readonly Entity[], now: number): Close[] {
  return deals
    .flatMap((deal) => {
      const at = deal.withdrawn ? null : closeTime(deal);
      return at !== null && at > now ? [{ dealId: deal.id, at }] : [];
    })
    .sort((a, b) => a.at - b.at);
}

/** Of another deal than this one; infinite where there is none. */
function nextOf(closes: readonly Close[], own: string): number {
  return closes.find(({ dealId }) => dealId !== own)?.at ?? Number.POSITIVE_INFINITY;
}
