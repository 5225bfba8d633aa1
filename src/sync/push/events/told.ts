/** Events with what is known of whom they are about. */
import type { CanonicalEvent } from '../../../canonical/events.ts';
import type { ToldEvent } from '../../../mapping/language/compiled.ts';
import type { Store } from '../../../store/contract/store.ts';

export async function toldEvents(store: Store, ids: readonly string[]): Promise<Map<string, ToldEvent>> {
  const events = await store.facts.eventsNamed(ids);
  const subjects = [...new Set(events.map(({ subject }) => subject))];
  const owners = await store.entities.ownersOf(subjects);
  const deals = await store.entities.byKey('Deal', subjects);
  const known = await store.entities.get([...Object.values(owners), ...Object.values(deals)]);
  const fields = new Map(known.filter(({ withdrawn }) => !withdrawn).map((one) => [one.id, one.fields]));
  const fieldsOf = (ids: Readonly<Record<string, string>>, { subject }: CanonicalEvent) =>
    fields.get(ids[subject] ?? '') ?? null;
  return new Map(
    events.map((event) => [
      event.id,
      { event, person: fieldsOf(owners, event), deal: fieldsOf(deals, event) },
    ]),
  );
}
