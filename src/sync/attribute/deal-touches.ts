/** All touches of a deal's people, those at its close included, before any rule leaves some of them out. */
import { closeTime } from '../../canonical/close-time.ts';
import type { Entity } from '../../canonical/model.ts';
import type { DealFacts } from '../../store/contract/entities.ts';
import type { Hub } from '../hub.ts';
import { limitsOf } from '../rules.ts';
import { withTouchesAtClose } from './at-close.ts';

export type DealTouch = DealFacts['events'][number];

export interface DealTouches {
  readonly people: DealFacts['people'];
  /** By id of the event. */
  readonly touches: ReadonlyMap<string, DealTouch>;
}

export async function dealTouches(hub: Hub, deal: Entity): Promise<DealTouches> {
  const { store } = hub;
  const [facts] = await store.entities.dealFacts([deal.id]);
  if (!facts) return { people: [], touches: new Map() };
  const persons = await store.entities.get(facts.people.map(({ id }) => id));
  const people = new Map(persons.map((person) => [person.id, person]));
  const closedAt = closeTime(deal);
  const closed = closedAt === null ? [] : [{ facts, closedAt }];
  const kept = await withTouchesAtClose(store, limitsOf(hub), closed, people);
  const { events } = kept.get(deal.id) ?? facts;
  return { people: facts.people, touches: new Map(events.map((touch) => [touch.event.id, touch])) };
}
