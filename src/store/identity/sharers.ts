/**
 * Who shares a key that too many share. Each of them is resolved without the others, so that no resolving sees them
 * all: read from what is held when somebody asks, the answer does not depend on who was resolved last.
 */
import { sql } from 'kysely';
import { mostNamed } from '../../canonical/pairs.ts';
import { type Doubt, mostHolders } from '../contract/identity.ts';
import type { Session } from '../database/session.ts';

/** `key`: `<entity kind>|<key kind>:<value>`. Those with records of systems first, then in the order of ids. */
export async function sharersOf(
  session: Session,
  key: string,
): Promise<Pick<Doubt, 'entityIds' | 'names' | 'holders' | 'entities'>> {
  const held = await session.all(sql<{ name: string }>`
    select name from contribution_key where key = ${key} order by name limit ${mostHolders}`);
  const names = held.map(({ name }) => name);
  const found = await session.all(sql<{ id: string }>`
    select distinct entity_id as id from member where ${session.among('name', names)} order by id`);
  const ids = found.map(({ id }) => id);
  const recorded = await withRecords(session, ids);
  const recordsFirst = [...ids.filter((id) => recorded.has(id)), ...ids.filter((id) => !recorded.has(id))];
  return {
    entityIds: recordsFirst.slice(0, mostNamed),
    names: names.slice(0, mostNamed),
    holders: names.length,
    entities: ids.length,
  };
}

/** Those of whom a system has a record, beside what was said in chats. */
async function withRecords(session: Session, entityIds: readonly string[]): Promise<Set<string>> {
  if (entityIds.length === 0) return new Set();
  const rows = await session.all(sql<{ id: string }>`
    select distinct member.entity_id as id from member
    join contribution on contribution.name = member.name
    where ${session.among('member.entity_id', entityIds)} and contribution.data not like '%"statement":true%'`);
  return new Set(rows.map(({ id }) => id));
}
