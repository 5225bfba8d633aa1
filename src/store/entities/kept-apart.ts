/**
 * People who share nothing with anybody else, and the touches that could be theirs. Of them nothing has to be
 * resolved again to know what was theirs at an earlier time, and a person of thousands of chats is answered by a few
 * queries that leave the counting to the database.
 */
import { type RawBuilder, sql } from 'kysely';
import type { PersonTouches } from '../contract/entities.ts';
import type { Session } from '../database/session.ts';
import { keyName } from '../names.ts';

const prefix = keyName('Person', '');
const hubIdPrefix = keyName('Person', 'external:');
const hubIdLength = hubIdPrefix.length + 32;

/** Those who share, or have shared, a key, a pair or a decision with anybody else are left out; so are those who carry another's id. */
export async function touchesOfThoseApart(
  session: Session,
  personIds: readonly string[],
  until: number,
): Promise<PersonTouches[]> {
  if (personIds.length === 0) return [];
  const entangled = new Set([
    ...(await sharingKeys(session, personIds)),
    ...(await inPairs(session, personIds)),
  ]);
  const apart = personIds.filter((id) => !entangled.has(id));
  const touches = Map.groupBy(await touchesAtKeys(session, apart, until), ({ person }) => person);
  return apart.map((personId) => ({ personId, touches: touches.get(personId) ?? [] }));
}

/** Each key once: people of thousands of statements hold the same few again and again. */
function heldBy(session: Session, personIds: readonly string[]): RawBuilder<unknown> {
  return sql`held as (
    select distinct member.entity_id as person, contribution_key.key as key from member
    join contribution_key on contribution_key.name = member.name
    where ${session.among('member.entity_id', personIds)}
    union
    select member.entity_id as person, former_key.key as key from member
    join former_key on former_key.name = member.name
    where ${session.among('member.entity_id', personIds)})`;
}

async function sharingKeys(session: Session, personIds: readonly string[]): Promise<string[]> {
  const rows = await session.all(sql<{ person: string }>`
    with ${heldBy(session, personIds)}
    select held.person from held
    join contribution_key other on other.key = held.key
    left join member on member.name = other.name
    where coalesce(member.entity_id, '') <> held.person
    union
    select held.person from held
    join former_key other on other.key = held.key
    left join member on member.name = other.name
    where coalesce(member.entity_id, '') <> held.person
    union
    select person from held
    where key like ${`${hubIdPrefix}%`} and length(key) = ${hubIdLength} and key <> ${hubIdPrefix} || person`);
  return rows.map(({ person }) => person);
}

async function inPairs(session: Session, personIds: readonly string[]): Promise<string[]> {
  const half = (table: 'pairing' | 'decision', own: 'one' | 'other') => {
    const [mine, theirs] = [sql.ref(`pair.${own}`), sql.ref(`pair.${own === 'one' ? 'other' : 'one'}`)];
    return sql`select member.entity_id as person from member
      join ${sql.table(table)} pair on ${mine} = member.name
      left join member companion on companion.name = ${theirs}
      where ${session.among('member.entity_id', personIds)}
        and coalesce(companion.entity_id, '') <> member.entity_id`;
  };
  const halves = (['pairing', 'decision'] as const).flatMap((table) => [
    half(table, 'one'),
    half(table, 'other'),
  ]);
  const rows = await session.all(sql<{ person: string }>`${sql.join(halves, sql` union `)}`);
  return rows.map(({ person }) => person);
}

interface TouchRow {
  readonly person: string;
  readonly id: string;
  readonly time: number;
}

async function touchesAtKeys(
  session: Session,
  personIds: readonly string[],
  until: number,
): Promise<TouchRow[]> {
  if (personIds.length === 0) return [];
  const text = sql`substr(held.key, ${sql.lit(prefix.length + 1)})`;
  const isTouch = sql`event.time <= ${until} and event.type >= 'touch.' and event.type < 'touch/'`;
  return session.all(sql<TouchRow>`
    with ${heldBy(session, personIds)}
    select held.person, event.id, event.time from held
    join event on event.subject = ${text} and ${isTouch}
    union
    select held.person, event.id, event.time from held
    join session_tie tie on tie.key = ${text} and tie.first_at <= ${until}
    join event on event.subject = tie.session and ${isTouch}`);
}
