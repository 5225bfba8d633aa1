/**
 * Entities of many statements grow by one at the cost of one: what is needed for that is kept beside them (`growth`),
 * with the keys that their statements hold (`growth_key`), and their members and keys are lists of rows alone.
 */

import { sql } from 'kysely';
import type { Growth } from '../../canonical/growth.ts';
import type { Entity } from '../../canonical/model.ts';
import { contributionName, isLeading, keyText, kindOf } from '../../canonical/names.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type { Addition, Brought, Newcomer, ResolvedEntity } from '../contract/entities.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { sharingSessions } from '../facts/session-ties.ts';
import { contributionsNamed } from '../identity/components.ts';
import { decisionsOf, pairingsOf } from '../identity/identity.ts';
import { keyName } from '../names.ts';
import { fieldsText } from './entity-row.ts';

// ------------------------------------------------------------------------------------------- who is new

/** Of these contributions those that are of no entity yet and share a key with one that grows, and with no other. */
export async function newcomers(session: Session, names: readonly string[]): Promise<Newcomer[]> {
  const homes = await homesOf(session, names);
  if (homes.size === 0) return [];
  const wanted = [...homes.keys()];
  const said = await contributionsNamed(session, wanted);
  const known = await knownAlready(session, wanted);
  const growths = await growthsOf(session, new Set(homes.values()));
  const shared = Map.groupBy(await sharedKeys(session, wanted), ({ name }) => name);
  const likenesses = await likenessesOf(session, new Set(homes.values()), [...shared.values()].flat());
  return wanted.flatMap((name) => {
    const [contribution, entityId = ''] = [said.get(name), homes.get(name)];
    const home = growths.get(entityId);
    if (!contribution || !home || known.has(name)) return [];
    const keys = (shared.get(name) ?? []).map(({ key }) => key);
    const held = { shared: new Set(keys), likenesses: likenesses.get(entityId) ?? new Map() };
    return [{ contribution, entityId, ...home, ...held }];
  });
}

/** Name → the only entity to which its keys lead, where that one grows. */
async function homesOf(session: Session, names: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, Set<string>>();
  for (const [kind, own] of Map.groupBy(names, kindOf)) {
    const text = sql`substr(held.key, ${sql.lit(keyName(kind, '').length + 1)})`;
    const rows = await session.all(sql<{ name: string; id: string }>`
      select distinct held.name as name, owner.entity_id as id from contribution_key held
      join entity_key owner on owner.kind = ${kind} and owner.key = ${text}
      where ${session.among('held.name', own)}
        and exists (select 1 from growth where growth.entity_id = owner.entity_id)
        and not exists (select 1 from member where member.name = held.name)`);
    for (const { name, id } of rows) found.set(name, (found.get(name) ?? new Set()).add(id));
  }
  return new Map(
    [...found].flatMap(([name, [id = '', ...others]]) => (others.length > 0 ? [] : [[name, id]])),
  );
}

/** What is remembered of a name, or a record that carries the id that the hub would give it, ties it to others. */
async function knownAlready(session: Session, names: readonly string[]): Promise<Set<string>> {
  const pairs = [...(await pairingsOf(session, names)), ...(await decisionsOf(session, names))];
  const byId = new Map(names.map((name) => [keyName(kindOf(name), `external:${fingerprint(name)}`), name]));
  const carried = await session.all(sql<{ key: string }>`
    select distinct key from contribution_key where ${session.among('key', [...byId.keys()])}`);
  return new Set([
    ...pairs.flatMap(({ one, other }) => [one, other]),
    ...carried.map(({ key }) => byId.get(key) ?? ''),
  ]);
}

type Home = Pick<Newcomer, 'growth' | 'fields'>;

async function growthsOf(session: Session, ids: ReadonlySet<string>): Promise<Map<string, Home>> {
  const rows = await session.all(sql<{ id: string; data: string; fields: string }>`
    select entity.id, growth.data, entity.fields from growth join entity on entity.id = growth.entity_id
    where ${session.among('growth.entity_id', [...ids])}`);
  return new Map(
    rows.map(({ id, data, fields }) => [
      id,
      { growth: fromJson<Growth>(data), fields: fromJson<Entity['fields']>(fields) },
    ]),
  );
}

interface Held {
  readonly name: string;
  /** Without the kind of entity. */
  readonly key: string;
}

/** Keys of these contributions that others hold too. */
async function sharedKeys(session: Session, names: readonly string[]): Promise<Held[]> {
  const rows = await session.all(sql<Held>`
    select held.name, held.key from contribution_key held
    where ${session.among('held.name', names)} and exists (
      select 1 from contribution_key other where other.key = held.key and other.name <> held.name)`);
  return rows.map(({ name, key }) => ({ name, key: key.slice(key.indexOf('|') + 1) }));
}

/** Entity → key → likenesses. */
async function likenessesOf(
  session: Session,
  ids: ReadonlySet<string>,
  held: readonly Held[],
): Promise<Map<string, Map<string, Set<string>>>> {
  const rows = await session.db
    .selectFrom('growth_key')
    .selectAll()
    .where(session.among('entity_id', [...ids]))
    .where(session.among('key', [...new Set(held.map(({ key }) => key))]))
    .execute();
  const found = new Map<string, Map<string, Set<string>>>();
  for (const { entity_id, key, likeness } of rows) {
    const keys = found.get(entity_id) ?? new Map<string, Set<string>>();
    found.set(entity_id, keys.set(key, (keys.get(key) ?? new Set()).add(likeness)));
  }
  return found;
}

// ------------------------------------------------------------------------------------------- one more

/** The contributions become members, their keys lead to the entity, and its fields are these. */
export async function grow(session: Session, additions: readonly Addition[]): Promise<Brought[]> {
  const members = additions.flatMap(({ entityId, contributions }) =>
    contributions.map((one) => ({ name: contributionName(one), entity_id: entityId })),
  );
  const keys = additions.flatMap(keyRows);
  const brought: Brought[] = [];
  for (const { entityId } of additions) brought.push(await broughtBy(session, entityId, keys));
  await session.upsert('member', members);
  await session.upsert('entity_key', keys);
  await setFields(session, additions);
  await session.upsert(
    'growth',
    additions.map(({ entityId, growth }) => ({ entity_id: entityId, data: JSON.stringify(growth) })),
  );
  await session.insert(
    'growth_key',
    additions.flatMap(({ entityId, keys: held }) => held.map((one) => ({ entity_id: entityId, ...one }))),
  );
  return brought;
}

function keyRows({ entityId, contributions }: Addition): Row<'entity_key'>[] {
  return contributions.flatMap(({ kind, keys }) => {
    const leading = keys.map(keyText).filter((key) => isLeading(kind, key));
    return leading.map((key) => ({ kind, key, entity_id: entityId }));
  });
}

/** To be asked before the keys lead there: those that do already bring nothing. */
async function broughtBy(
  session: Session,
  entityId: string,
  rows: readonly Row<'entity_key'>[],
): Promise<Brought> {
  const own = rows.filter(({ entity_id }) => entity_id === entityId);
  const texts = own.map(({ key }) => key);
  const led = await session.all(sql<{ key: string }>`select key from entity_key
    where entity_id = ${entityId} and ${session.among('key', texts)}`);
  const known = new Set(led.map(({ key }) => key));
  const fresh = [...new Set(texts)].filter((key) => !known.has(key));
  const sharing = await sharingSessions(session, fresh);
  return {
    entityId,
    since: await earliestAt(session, fresh),
    sharing: sharing.filter((id) => id !== entityId),
  };
}

async function earliestAt(session: Session, keys: readonly string[]): Promise<number | null> {
  const [row] = await session.all(sql<{ time: number | null }>`
    select min(time) as time from (
      select min(time) as time from event where ${session.among('subject', keys)}
      union all
      select min(time) as time from event
      where subject in (select session from session_tie where ${session.among('key', keys)})) as earliest`);
  return row?.time ?? null;
}

async function setFields(session: Session, additions: readonly Addition[]): Promise<void> {
  const news = session.dialect.rows(
    'news',
    { id: 'text', fields: 'text', provenance: 'text' },
    additions.map(({ entityId, fields, provenance }) => [
      entityId,
      fieldsText(fields),
      JSON.stringify(provenance),
    ]),
  );
  await session.run(sql`update entity set fields = news.fields, provenance = news.provenance
    from ${news} where entity.id = news.id`);
}

// ------------------------------------------------------------------------------------------- all of it

/** They stay so until the transaction ends: another resolving of them meanwhile would not see what it brings. */
export async function growing(session: Session, names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const rows = await session.all(sql<{ name: string; id: string }>`
    select member.name, member.entity_id as id from member
    join growth on growth.entity_id = member.entity_id
    where ${session.among('member.name', names)} ${session.dialect.shared}`);
  return new Map(rows.map(({ name, id }) => [name, id]));
}

/** Puts what is kept of resolved entities in the place of what was kept of them, and of those that ended. */
export async function replaceGrowth(
  session: Session,
  resolved: readonly ResolvedEntity[],
  before: readonly string[],
): Promise<void> {
  const rows = resolved.flatMap(({ entity: { id }, growth }) => {
    if (!growth) return [];
    const { keys, ...data } = growth;
    return [{ keys, row: { entity_id: id, data: JSON.stringify(data) } }];
  });
  const present = new Set(rows.map(({ row }) => row.entity_id));
  const ended = before.filter((id) => !present.has(id));
  await session.remove('growth', 'entity_id', ended);
  await session.remove('growth_key', 'entity_id', ended);
  await session.upsert(
    'growth',
    rows.map(({ row }) => row),
  );
  for (const { keys, row } of rows) await replaceKeys(session, row.entity_id, keys);
}

async function replaceKeys(
  session: Session,
  id: string,
  keys: readonly Pick<Row<'growth_key'>, 'key' | 'likeness'>[],
): Promise<void> {
  const query = session.db.selectFrom('growth_key').selectAll().where('entity_id', '=', id);
  const textOf = ({ key, likeness }: Pick<Row<'growth_key'>, 'key' | 'likeness'>) => `${likeness}${key}`;
  const present = new Map((await query.execute()).map((row) => [textOf(row), row]));
  const wanted = new Set(keys.map(textOf));
  for (const [text, { key, likeness }] of present)
    if (!wanted.has(text))
      await session.run(sql`delete from growth_key
        where entity_id = ${id} and key = ${key} and likeness = ${likeness}`);
  await session.insert(
    'growth_key',
    keys
      .filter((one) => !present.has(textOf(one)))
      .map(({ key, likeness }) => ({ entity_id: id, key, likeness })),
  );
}
