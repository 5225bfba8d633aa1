/** The raw material of journeys: who belongs to a deal, and what happened to them. */
import { sql } from 'kysely';
import type { CanonicalEvent } from '../canonical/events.ts';
import type { DealFacts } from './contract.ts';
import { eventOf } from './facts.ts';
import type { Session } from './session.ts';
import type { Row } from './tables.ts';

export async function dealsOf(session: Session, personIds: readonly string[]): Promise<string[]> {
  if (personIds.length === 0) return [];
  const rows = await session.all(sql<{ id: string }>`
    select distinct deal.entity_id as id
    from entity_key person
    join link on link.to_key = person.key and link.relation = 'deal-person'
    join entity_key deal on deal.kind = 'Deal' and deal.key = link.from_key
    where person.kind = 'Person' and ${session.among('person.entity_id', personIds)}
    order by deal.entity_id`);
  return rows.map(({ id }) => id);
}

export async function partiesOf(
  session: Session,
  dealIds: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const rows = await session.all(sql<{ deal: string; party: string }>`
    select distinct deal.entity_id as deal, party.entity_id as party
    from entity_key deal
    join link on link.from_key = deal.key and link.relation in ('deal-person', 'deal-organization')
    join entity_key party on party.kind in ('Person', 'Organization') and party.key = link.to_key
    where deal.kind = 'Deal' and ${session.among('deal.entity_id', dealIds)}
    order by deal, party`);
  const byDeal = Map.groupBy(rows, ({ deal }) => deal);
  return new Map([...byDeal].map(([deal, found]) => [deal, found.map(({ party }) => party)]));
}

/** Three queries for any number of deals. */
export async function dealFacts(session: Session, dealIds: readonly string[]): Promise<DealFacts[]> {
  const people = Map.groupBy(await peopleOf(session, dealIds), ({ deal }) => deal);
  const ids = new Set([...people.values()].flatMap((members) => members.map(({ person }) => person)));
  const touches = Map.groupBy(await eventsOf(session, 'Person', 'touch.', [...ids]), ({ entity }) => entity);
  const changes = Map.groupBy(await eventsOf(session, 'Deal', 'deal.', dealIds), ({ entity }) => entity);
  return [...new Set(dealIds)].map((dealId) => {
    const persons = mergedRoles(people.get(dealId) ?? []);
    const own = (changes.get(dealId) ?? []).map(({ event }) => ({ person: null, event }));
    const theirs = persons.flatMap(({ id }) =>
      (touches.get(id) ?? []).map(({ event }) => ({ person: id, event })),
    );
    return { dealId, people: persons, events: [...own, ...theirs].sort((a, b) => inTime(a.event, b.event)) };
  });
}

interface DealPerson {
  readonly deal: string;
  readonly person: string;
  readonly role: string | null;
  readonly is_primary: number | null;
}

function peopleOf(session: Session, dealIds: readonly string[]): Promise<DealPerson[]> {
  return session.all(sql<DealPerson>`
    select distinct deal.entity_id as deal, person.entity_id as person, link.role, link.is_primary
    from entity_key deal
    join link on link.from_key = deal.key and link.relation = 'deal-person'
    join entity_key person on person.kind = 'Person' and person.key = link.to_key
    where deal.kind = 'Deal' and ${session.among('deal.entity_id', dealIds)}
    order by deal, person, link.role`);
}

/** Several systems may name one person of a deal: primary if any says so, the first role in the alphabet. */
function mergedRoles(links: readonly DealPerson[]): DealFacts['people'] {
  return [...Map.groupBy(links, ({ person }) => person)].map(([id, told]) => ({
    id,
    role: told.flatMap(({ role }) => role ?? []).sort()[0] ?? null,
    primary: told.some(({ is_primary }) => is_primary === 1),
  }));
}

interface EntityEvent {
  readonly entity: string;
  readonly event: CanonicalEvent;
}

async function eventsOf(
  session: Session,
  kind: 'Person' | 'Deal',
  family: 'touch.' | 'deal.',
  ids: readonly string[],
): Promise<EntityEvent[]> {
  if (ids.length === 0) return [];
  const until = family.replace('.', '/');
  const rows = await session.all(sql<Row<'event'> & { entity: string }>`
    select subject.entity_id as entity, event.*
    from entity_key subject
    join event on event.subject = subject.key and event.type >= ${family} and event.type < ${until}
    where subject.kind = ${kind} and ${session.among('subject.entity_id', ids)}`);
  return rows.map((row) => ({ entity: row.entity, event: eventOf(row) }));
}

function inTime(a: CanonicalEvent, b: CanonicalEvent): number {
  return a.time - b.time || (a.id < b.id ? -1 : 1);
}
