/** The raw material of fits: what happened to people, and the deals and organizations that they belong to. */
import { sql } from 'kysely';
import type { PersonFacts } from './contract.ts';
import { eventOf } from './facts.ts';
import type { Session } from './session.ts';
import type { Row } from './tables.ts';

/** Three queries for any number of people. */
export async function personFacts(session: Session, personIds: readonly string[]): Promise<PersonFacts[]> {
  if (personIds.length === 0) return [];
  const deals = byPerson(await dealsOfEach(session, personIds));
  const organizations = await organizationsOf(session, personIds);
  const events = Map.groupBy(await eventsOfEach(session, personIds), ({ person }) => person);
  return [...new Set(personIds)].map((personId) => ({
    personId,
    deals: deals.get(personId) ?? [],
    organizations: organizations[personId] ?? [],
    events: (events.get(personId) ?? []).map(eventOf),
  }));
}

interface Belonging {
  readonly person: string;
  readonly id: string;
}

function byPerson(rows: readonly Belonging[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { person, id } of rows) ids.set(person, [...(ids.get(person) ?? []), id]);
  return ids;
}

function dealsOfEach(session: Session, personIds: readonly string[]): Promise<Belonging[]> {
  return session.all(sql<Belonging>`
    select distinct person.entity_id as person, deal.entity_id as id
    from entity_key person
    join link on link.to_key = person.key and link.relation = 'deal-person'
    join entity_key deal on deal.kind = 'Deal' and deal.key = link.from_key
    where person.kind = 'Person' and ${session.among('person.entity_id', personIds)}
    order by person, id`);
}

export async function organizationsOf(
  session: Session,
  personIds: readonly string[],
): Promise<Record<string, string[]>> {
  const rows = await session.all(sql<Belonging>`
    select distinct person.entity_id as person, organization.entity_id as id
    from entity_key person
    join link on link.from_key = person.key and link.relation = 'person-organization'
    join entity_key organization on organization.kind = 'Organization' and organization.key = link.to_key
    where person.kind = 'Person' and ${session.among('person.entity_id', personIds)}
    order by person, id`);
  return Object.fromEntries(byPerson(rows));
}

function eventsOfEach(
  session: Session,
  personIds: readonly string[],
): Promise<(Row<'event'> & { person: string })[]> {
  return session.all(sql<Row<'event'> & { person: string }>`
    select subject.entity_id as person, event.*
    from entity_key subject
    join event on event.subject = subject.key
      and (event.type = 'chat.session_started' or (event.type >= 'touch.' and event.type < 'touch/'))
    where subject.kind = 'Person' and ${session.among('subject.entity_id', personIds)}
    order by event.time, event.id`);
}
