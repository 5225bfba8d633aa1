/** Whose an event is: the person at its subject, or at the strongest tie of the session that is its subject. */
import { type RawBuilder, sql } from 'kysely';
import type { CanonicalEvent } from '../../canonical/events.ts';
import { eachInBreaths } from '../../support/breath.ts';
import type { SessionTie } from '../contract/entities.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { eventOf } from './fact-rows.ts';
import { isSession } from './session-ties.ts';

/** No stronger tie of the same session leads to anybody. Of equally strong ones the first that was told counts. */
const strongest = sql`not exists (
  select 1 from session_tie stronger
  join entity_key rival on rival.kind = 'Person' and rival.key = stronger.key
  where stronger.session = tie.session
    and (stronger.place, stronger.first_at, stronger.key) < (tie.place, tie.first_at, tie.key))`;

export interface OwnedEvent {
  readonly entity: string;
  readonly event: CanonicalEvent;
}

/** Somebody may have chatted thousands of times: of so many subjects events are read, and understood, at a time. */
const subjectsAtOnce = 1_000;

/** @param types a condition on `event.type` */
export async function eventsOfPeople(
  session: Session,
  ids: readonly string[],
  types: RawBuilder<unknown>,
): Promise<OwnedEvent[]> {
  const owners = await subjectsOf(session, ids);
  const subjects = [...owners.keys()];
  const found: OwnedEvent[] = [];
  for (let start = 0; start < subjects.length; start += subjectsAtOnce) {
    const some = subjects.slice(start, start + subjectsAtOnce);
    const rows = await session.all(sql<Row<'event'>>`
      select * from event where ${session.among('subject', some)} and ${types}`);
    for (const event of await eachInBreaths(rows, eventOf)) {
      const entity = owners.get(event.subject);
      if (entity !== undefined) found.push({ entity, event });
    }
  }
  return found;
}

/** What events of these people may be about, to the person whose they are then. */
async function subjectsOf(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const theirs = sql`owner.kind = 'Person' and ${session.among('owner.entity_id', ids)}`;
  const rows = await session.all(sql<{ subject: string; entity: string }>`
    select owner.key as subject, owner.entity_id as entity from entity_key owner
    where ${theirs}
    union all
    select tie.session as subject, owner.entity_id as entity from entity_key owner
    join session_tie tie on tie.key = owner.key
    where ${theirs} and ${strongest}`);
  return new Map(rows.map(({ subject, entity }) => [subject, entity]));
}

/** Subject → person, for those that lead to one. */
export async function ownersOf(
  session: Session,
  subjects: readonly string[],
): Promise<Record<string, string>> {
  const direct = await session.all(sql<{ key: string; id: string }>`
    select key, entity_id as id from entity_key
    where kind = 'Person' and ${session.among('key', subjects)}`);
  const tied = await session.all(sql<{ key: string; id: string }>`
    select tie.session as key, owner.entity_id as id from session_tie tie
    join entity_key owner on owner.kind = 'Person' and owner.key = tie.key
    where ${session.among('tie.session', subjects.filter(isSession))} and ${strongest}`);
  return Object.fromEntries([...direct, ...tied].map(({ key, id }) => [key, id]));
}

export async function touchesNear(
  session: Session,
  keys: readonly string[],
): Promise<{ events: CanonicalEvent[]; ties: SessionTie[] }> {
  if (keys.length === 0) return { events: [], ties: [] };
  const tied = sql`select session from session_tie where ${session.among('key', keys)}`;
  const rows = await session.all(sql<Row<'event'>>`
    select * from event where type >= 'touch.' and type < 'touch/'
      and (${session.among('subject', keys)} or subject in (${tied}))
    order by time, id`);
  const ties = await session.all(sql<SessionTie>`
    select session, key, first_at as "firstAt" from session_tie where session in (${tied})
    order by session, place, first_at, key`);
  return { events: rows.map(eventOf), ties };
}
