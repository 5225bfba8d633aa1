/** The raw material of fits: what happened to people, and the deals and organizations that they belong to. */
import { sql } from 'kysely';
import type { PersonFacts } from '../contract/entities.ts';
import type { Session } from '../database/session.ts';
import { eventsOfPeople } from '../facts/event-owners.ts';
import { dealsOfPeople, inTime } from './deals.ts';

/** A few queries for any number of people. */
export async function personFacts(session: Session, personIds: readonly string[]): Promise<PersonFacts[]> {
  if (personIds.length === 0) return [];
  const deals = await dealsOfPeople(session, personIds);
  const organizations = await organizationsOf(session, personIds);
  const found = await eventsOfPeople(
    session,
    personIds,
    sql`(type = 'chat.session_started' or (type >= 'touch.' and type < 'touch/'))`,
  );
  const events = Map.groupBy(found, ({ entity }) => entity);
  return [...new Set(personIds)].map((personId) => ({
    personId,
    deals: deals.get(personId) ?? [],
    organizations: organizations[personId] ?? [],
    events: (events.get(personId) ?? []).map(({ event }) => event).sort(inTime),
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

export async function membersOf(session: Session, organizationIds: readonly string[]): Promise<string[]> {
  if (organizationIds.length === 0) return [];
  const rows = await session.all(sql<{ id: string }>`
    select distinct person.entity_id as id
    from entity_key organization
    join link on link.to_key = organization.key and link.relation = 'person-organization'
    join entity_key person on person.kind = 'Person' and person.key = link.from_key
    where organization.kind = 'Organization' and ${session.among('organization.entity_id', organizationIds)}
    order by id`);
  return rows.map(({ id }) => id);
}
