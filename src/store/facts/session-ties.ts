/**
 * Whose a conversation is. Its events name the session; the session is tied to what was said in it and to the keys
 * that its events bear. The strongest tie that leads to a person leads all events of the session there, so that whoever
 * says late who they are has the session from its beginning, and nobody else who uses the same browser has.
 */

import { sql } from 'kysely';
import type { Contribution } from '../../canonical/model.ts';
import { keyText } from '../../canonical/names.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import { columns, type Row } from '../database/tables.ts';

/** The stronger, the smaller: somebody's own words, the chatbot's user, words without a name, the browser. */
const places = { statement: 0, chatUser: 1, weakStatement: 2, other: 3 } as const;

const naming: ReadonlySet<string> = new Set(['email', 'chatUser']);

/** What a statement ties: the sessions in which it was made, to itself. */
export function statementTies({ keys, sessions = [], createdAt }: Contribution): Row<'session_tie'>[] {
  const own = keys.find(({ kind }) => kind === 'id');
  if (own === undefined) return [];
  const place = keys.some(({ kind }) => naming.has(kind)) ? places.statement : places.weakStatement;
  return sessions.map((session) => ({ session, key: keyText(own), place, first_at: createdAt }));
}

type Bearing = Pick<Row<'event'>, 'subject' | 'fallbacks' | 'time'>;

function eventTies({ subject, fallbacks, time }: Bearing): Row<'session_tie'>[] {
  if (fallbacks === null || !isSession(subject)) return [];
  return fromJson<string[]>(fallbacks).map((key) => ({
    ...{ session: subject, key, first_at: time },
    place: key.startsWith('chatUser:') ? places.chatUser : places.other,
  }));
}

export function isSession(key: string): boolean {
  return key.startsWith('session:');
}

/** After events went or came: the ties follow from the events that are there now. */
export async function retieEvents(
  session: Session,
  gone: readonly Row<'event'>[],
  added: readonly Row<'event'>[],
): Promise<void> {
  const lost = [...new Set(gone.flatMap((row) => eventTies(row).map((tie) => tie.session)))];
  if (lost.length > 0) {
    await session.run(
      sql`delete from session_tie where ${session.among('session', lost)} and place in (${places.chatUser}, ${places.other})`,
    );
    const left = await session.all(sql<Bearing>`
      select subject, fallbacks, min(time) as time from event
      where ${session.among('subject', lost)} and fallbacks is not null group by subject, fallbacks`);
    await addTies(session, left.flatMap(eventTies));
  }
  await addTies(session, added.flatMap(eventTies));
}

export async function removeStatements(session: Session, keys: readonly string[]): Promise<void> {
  await session.remove('session_tie', 'key', keys);
}

/** Of the same tie the earliest telling counts. */
export async function addTies(session: Session, ties: readonly Row<'session_tie'>[]): Promise<void> {
  const earliest = new Map<string, Row<'session_tie'>>();
  for (const tie of ties) {
    const name = `${tie.session}\n${tie.key}`;
    const known = earliest.get(name);
    if (!known || tie.first_at < known.first_at) earliest.set(name, tie);
  }
  const rows = [...earliest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tie]) => tie);
  await session.insertWith(
    'session_tie',
    columns.session_tie,
    rows.map(({ session: name, key, place, first_at }) => [name, key, place, first_at]),
    sql`on conflict (session, key) do update set first_at = excluded.first_at
      where excluded.first_at < session_tie.first_at`,
  );
}

/** Keys to which these sessions are tied. */
export async function tiesOf(
  session: Session,
  sessions: readonly string[],
): Promise<Pick<Row<'session_tie'>, 'session' | 'key'>[]> {
  if (sessions.length === 0) return [];
  const query = session.db.selectFrom('session_tie').select(['session', 'key']);
  return query.where(session.among('session', sessions)).execute();
}

/** The persons at the other ties of sessions that are tied to these keys. */
export async function sharingSessions(session: Session, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  // SQLite keeps the order of cross joins: left to itself it begins with all people, once for each key.
  const rows = await session.all(sql<{ id: string }>`
    select distinct owner.entity_id as id from session_tie tie
    cross join session_tie other cross join entity_key owner
    where ${session.among('tie.key', keys)} and other.session = tie.session and other.key <> tie.key
      and owner.kind = 'Person' and owner.key = other.key`);
  return rows.map(({ id }) => id);
}
