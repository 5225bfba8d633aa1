/** The raw material of journeys: who belongs to a deal, and what happened to them. */
import { sql } from 'kysely';
import type { CanonicalEvent } from '../../canonical/events.ts';
import { eachInBreaths } from '../../support/breath.ts';
import type { DealFacts, WithoutPeople } from '../contract/entities.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { eventsOfPeople, type OwnedEvent } from '../facts/event-owners.ts';
import { eventOf } from '../facts/fact-rows.ts';
import { type AccountPeople, accountPeople, dealsByAccount } from './account-people.ts';
import { type Party, withPeopleAtClose } from './people-at-close.ts';

/** Deals with a person among these, now or at their close, through their own links or through those of their account. */
export async function dealsOf(
  session: Session,
  personIds: readonly string[],
  organizationIds: readonly string[] = [],
): Promise<string[]> {
  if (personIds.length + organizationIds.length === 0) return [];
  const byAccount = await dealsByAccount(session, personIds, organizationIds);
  const rows = await session.all(sql<{ id: string }>`
    select distinct deal.entity_id as id
    from entity_key person
    join link on link.to_key = person.key and link.relation = 'deal-person'
    join entity_key deal on deal.kind = 'Deal' and deal.key = link.from_key
    where person.kind = 'Person' and ${session.among('person.entity_id', personIds)}
    union
    select distinct deal.entity_id as id
    from entity_key person
    join former_link on former_link.to_key = person.key and former_link.relation = 'deal-person'
    join entity_key deal on deal.kind = 'Deal' and deal.key = former_link.from_key
    where person.kind = 'Person' and ${session.among('person.entity_id', personIds)}`);
  return [...new Set([...rows.map(({ id }) => id), ...byAccount])].sort();
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

/** A few queries for any number of deals. */
export async function dealFacts(session: Session, dealIds: readonly string[]): Promise<DealFacts[]> {
  const party = await peopleOfDeals(session, dealIds);
  const ids = new Set([...party.values()].flatMap(({ people }) => people.map(({ id }) => id)));
  const touched = await eventsOfPeople(session, [...ids], sql`type >= 'touch.' and type < 'touch/'`);
  const touches = Map.groupBy(touched, ({ entity }) => entity);
  const changes = Map.groupBy(await changesOf(session, dealIds), ({ entity }) => entity);
  return [...new Set(dealIds)].map((dealId) => {
    const { people = [], peopleFrom = 'nobody' } = party.get(dealId) ?? {};
    const own = (changes.get(dealId) ?? []).map(({ event }) => ({ person: null, event }));
    const theirs = people.flatMap(({ id }) =>
      (touches.get(id) ?? []).map(({ event }) => ({ person: id, event })),
    );
    const events = [...own, ...theirs].sort((a, b) => inTime(a.event, b.event));
    return { dealId, peopleFrom, people, events };
  });
}

/**
 * By deal, and where it has them from: its own links, else those of its account; of a closed deal those at its close,
 * too.
 */
async function peopleOfDeals(session: Session, dealIds: readonly string[]): Promise<Map<string, Party>> {
  const named = Map.groupBy(await peopleOf(session, dealIds), ({ deal }) => deal);
  const unnamed = dealIds.filter((id) => !named.has(id));
  const lent = await accountPeople(session, unnamed);
  const present = dealIds.map((id): [string, Party] => {
    const people = lent.get(id)?.people ?? mergedRoles(named.get(id) ?? []);
    return [id, { people, peopleFrom: peopleFrom(named.has(id), lent.get(id)) }];
  });
  return withPeopleAtClose(session, new Map(present));
}

const pageSize = 1_000;

/** By the same rule as a deal's own people, page by page: thousands of deals may have theirs from accounts alone. */
export async function dealsWithoutPeople(session: Session): Promise<WithoutPeople> {
  const found = { deals: 0, ofLargeAccounts: 0 };
  for (let after = ''; ; ) {
    const ids = await dealsNamingNobodyKnown(session, after);
    const last = ids.at(-1);
    if (last === undefined) return found;
    for (const { people, peopleFrom: from } of (await peopleOfDeals(session, ids)).values()) {
      if (people.length > 0) continue;
      found.deals += 1;
      if (from === 'crowd') found.ofLargeAccounts += 1;
    }
    after = last;
  }
}

/** Live deals to which no record ties a person that is there, in the order of ids. */
async function dealsNamingNobodyKnown(session: Session, after: string): Promise<string[]> {
  const rows = await session.all(sql<{ id: string }>`
    select id from entity
    where kind = 'Deal' and withdrawn = 0 and id > ${after} and not exists (
      select 1 from entity_key own
      join link on link.from_key = own.key and link.relation = 'deal-person'
      join entity_key person on person.kind = 'Person' and person.key = link.to_key
      where own.kind = 'Deal' and own.entity_id = entity.id)
    order by id limit ${pageSize}`);
  return rows.map(({ id }) => id);
}

/** Whose deals are which: by person, every deal that counts their touches; deals sorted by id. */
export async function dealsOfPeople(
  session: Session,
  personIds: readonly string[],
): Promise<Map<string, string[]>> {
  const wanted = new Set(personIds);
  const found = new Map<string, string[]>();
  const party = await peopleOfDeals(session, await dealsOf(session, personIds));
  for (const [deal, { people }] of party)
    for (const { id } of people) {
      if (!wanted.has(id)) continue;
      const deals = found.get(id);
      if (deals) deals.push(deal);
      else found.set(id, [deal]);
    }
  return found;
}

function peopleFrom(isNamed: boolean, lent: AccountPeople | undefined): DealFacts['peopleFrom'] {
  if (isNamed) return 'roles';
  if (lent?.crowd) return 'crowd';
  return lent && lent.people.length > 0 ? 'account' : 'nobody';
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

async function changesOf(session: Session, ids: readonly string[]): Promise<OwnedEvent[]> {
  if (ids.length === 0) return [];
  const rows = await session.all(sql<Row<'event'> & { readonly entity: string }>`
    select subject.entity_id as entity, event.*
    from entity_key subject
    join event on event.subject = subject.key and event.type >= 'deal.' and event.type < 'deal/'
    where subject.kind = 'Deal' and ${session.among('subject.entity_id', ids)}`);
  return eachInBreaths(rows, (row) => ({ entity: row.entity, event: eventOf(row) }));
}

export function inTime(a: CanonicalEvent, b: CanonicalEvent): number {
  return a.time - b.time || (a.id < b.id ? -1 : 1);
}
