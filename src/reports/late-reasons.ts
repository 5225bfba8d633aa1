/**
 * Why a touch joined or left a deal that was closed already. Each reason is looked up: the touch itself is gone, an
 * admin said something, the person was not tied to the deal at its close, or it is told whose it was by what is known
 * of the time up to the close.
 */
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Entity } from '../canonical/model.ts';
import { recordOf } from '../canonical/names.ts';
import type { Decision } from '../canonical/pairs.ts';
import { isWithin, type Window, windowOf } from '../journey/window.ts';
import type { DealFacts } from '../store/contract/entities.ts';
import type { Store } from '../store/contract/store.ts';
import { iso } from '../support/clock.ts';
import { type DealTouch, dealTouches } from '../sync/attribute/deal-touches.ts';
import type { Hub } from '../sync/hub.ts';
import { personName } from './person-name.ts';

export interface LateChange {
  /** When the change was computed, and the computation before it; ms. */
  readonly at: number;
  readonly since: number;
  readonly what: 'left' | 'joined';
  readonly touch: { readonly eventId: string; readonly time: number; readonly person: string };
}

/** What is known now of the touches that came and went. */
interface Known {
  readonly window: Window;
  readonly events: ReadonlyMap<string, CanonicalEvent>;
  /** Those who were the deal's people at its close, or are now. */
  readonly people: DealFacts['people'];
  /** Of all that is the deal's people's, by what was known at the close or is now. */
  readonly touches: ReadonlyMap<string, DealTouch>;
  /** By subject of an event. */
  readonly owners: Readonly<Record<string, string>>;
  readonly persons: ReadonlyMap<string, Entity>;
  readonly decisions: readonly Decision[];
  /** Subjects of which a key is held by several, so that it leads to nobody. */
  readonly shared: ReadonlySet<string>;
}

const late = 'evidence from before the close, which arrived then, says that';

export class LateReasons {
  readonly #known: Known;

  private constructor(known: Known) {
    this.#known = known;
  }

  static async of(hub: Hub, deal: Entity, changes: readonly LateChange[]): Promise<LateReasons> {
    const { store, settings, clock } = hub;
    const found = await store.facts.eventsNamed(changes.map(({ touch }) => touch.eventId));
    const { people, touches } = await dealTouches(hub, deal);
    const owners = await store.entities.ownersOf(found.map(({ subject }) => subject));
    const ids = [...Object.values(owners), ...people.map(({ id }) => id)];
    const persons = await store.entities.get([
      ...new Set([...ids, ...changes.map(({ touch }) => touch.person)]),
    ]);
    return new LateReasons({
      window: windowOf(deal, settings.attribution, clock.now()),
      events: new Map(found.map((event) => [event.id, event])),
      ...{ people, touches, owners },
      persons: new Map(persons.map((person) => [person.id, person])),
      decisions: await store.identity.decisions(),
      shared: await sharedAmong(store, found),
    });
  }

  isGone({ eventId }: LateChange['touch']): boolean {
    return !this.#known.events.has(eventId);
  }

  /** The end of a sentence, without its full stop. */
  why(change: LateChange): string {
    const { events, owners } = this.#known;
    const event = events.get(change.touch.eventId);
    if (!event) return 'it was deleted or erased';
    const owner = owners[event.subject];
    const decided = this.#decided(change, owner);
    if (decided !== undefined) return decided;
    if (change.what === 'left') return this.#whyLeft(change, event, owner);
    const name = this.#name(owner ?? change.touch.person) ?? 'its people';
    return `evidence that arrived then says that it is of ${name}`;
  }

  #whyLeft({ touch }: LateChange, { subject }: CanonicalEvent, owner: string | undefined): string {
    const { people, touches, window, shared } = this.#known;
    if (!isWithin(touch.time, window)) return 'it lies outside the deal’s window, which was another before';
    if (touches.has(touch.eventId))
      return 'another touch stands for its visit, or the settings leave its person out';
    const name = this.#name(touch.person);
    const isTied = people.some(({ id }) => id === touch.person);
    if (name !== undefined && !isTied) return `${late} ${name} was not tied to the deal at its close`;
    if (owner !== undefined && owner !== touch.person)
      return `${late} it was not of ${name ?? 'its people'} then; it is of ${this.#name(owner)}`;
    if (shared.has(subject)) return `${late} several people share its browser, user id or address`;
    return 'what said whose it is was deleted or changed, and nothing else from before the close does';
  }

  /** An admin's word is about who is who, whenever it is said: it holds for what was closed before, too. */
  #decided({ at, since, what, touch }: LateChange, owner: string | undefined): string | undefined {
    const { decisions, people } = this.#known;
    const own = this.#membersOf([touch.person, ...people.map(({ id }) => id)]);
    const all = owner === undefined ? null : new Set([...own, ...this.#membersOf([owner])]);
    const verdict = what === 'left' ? 'different' : 'same';
    const said = decisions.find(
      (one) =>
        one.verdict === verdict &&
        one.at > since &&
        one.at <= at &&
        (own.has(one.one) || own.has(one.other)) &&
        (all === null || (all.has(one.one) && all.has(one.other))),
    );
    if (!said) return undefined;
    const [one, other] = [said.one, said.other].map((name) => recordOf(name).replaceAll('|', ' '));
    const are = verdict === 'different' ? 'different people' : 'the same person';
    return `on ${iso(said.at)} an admin said that ${one} and ${other} are ${are}`;
  }

  #membersOf(ids: readonly string[]): Set<string> {
    return new Set(ids.flatMap((id) => this.#known.persons.get(id)?.members ?? []));
  }

  #name(id: string): string | undefined {
    const person = this.#known.persons.get(id);
    return person && personName(person);
  }
}

async function sharedAmong(store: Store, events: readonly CanonicalEvent[]): Promise<Set<string>> {
  const shared = new Set<string>();
  for (const { subject, fallbacks = [] } of events) {
    for (const key of [subject, ...fallbacks]) {
      const owner = await store.entities.byKey('Person', [key]);
      const holders = await store.facts.holders('Person', [key], 2);
      if (holders.length > 1 && Object.keys(owner).length === 0) shared.add(subject);
    }
  }
  return shared;
}
