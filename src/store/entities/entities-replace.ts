/** Puts resolved entities in the place of those that the same contributions formed before. */
import { sql } from 'kysely';
import type { EntityKind } from '../../canonical/model.ts';
import type { Family, ResolvedEntity } from '../contract/entities.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import { type EntityRow, loadWhole, rowOf } from './entity-row.ts';
import { replaceGrowth } from './growth.ts';
import { mergeLines } from './merge-log.ts';

export async function replaceEntities(
  session: Session,
  resolved: readonly ResolvedEntity[],
  before: readonly string[],
  at: number,
): Promise<string[]> {
  const rows = new Map(resolved.map(({ entity, keys }) => [entity.id, rowOf(entity, keys, null)]));
  const { present, listed } = await loadWhole(session, [...new Set([...before, ...rows.keys()])]);
  const ended = before.filter((id) => present.has(id) && !rows.has(id));
  const children = await childrenOf(session, ended);
  const growing = resolved.filter(({ growth }) => growth !== undefined);

  await endEntities(session, [...ended, ...children]);
  await storeEntities(session, present, [...rows.values()], {
    before: listed,
    after: new Set(growing.map(({ entity }) => entity.id)),
  });
  if (listed.size + growing.length > 0) await replaceGrowth(session, growing, [...listed]);
  await session.insert('merge', mergeLines([...present.values()], [...rows.values()], ended, at));
  const news = [...rows.values()].filter((row) => isNews(present.get(row.id), row)).map(({ id }) => id);
  return [...news, ...ended, ...children];
}

export async function replaceChildren(
  session: Session,
  kind: EntityKind,
  families: readonly Family[],
): Promise<string[]> {
  const rows = families.flatMap(({ parent, children }) => children.map((child) => rowOf(child, [], parent)));
  const ids = new Set(rows.map(({ id }) => id));
  const parents = families.map(({ parent }) => parent);
  const old = await session.db
    .selectFrom('entity')
    .selectAll()
    .where(session.among('parent', parents))
    .where('kind', '=', kind)
    .orderBy('id')
    .execute();
  const present = new Map(old.map((row) => [row.id, row]));
  const unknown = [...ids].filter((id) => !present.has(id));
  for (const [id, row] of (await loadWhole(session, unknown)).present) present.set(id, row);
  const ended = old.map(({ id }) => id).filter((id) => !ids.has(id));
  await endEntities(session, ended);
  await storeEntities(session, present, rows);
  return [...rows.filter((row) => isNews(present.get(row.id), row)).map(({ id }) => id), ...ended];
}

async function childrenOf({ db, dialect }: Session, parents: readonly string[]): Promise<string[]> {
  if (parents.length === 0) return [];
  const rows = await db
    .selectFrom('entity')
    .select('id')
    .where(dialect.among('parent', parents))
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

async function endEntities(session: Session, ids: readonly string[]): Promise<void> {
  await session.remove('entity', 'id', ids);
  await session.remove('entity_key', 'entity_id', ids);
  await session.remove('member', 'entity_id', ids);
}

/** Columns that resolving decides; `derived` is not among them. */
const resolvedColumns = ['kind', 'parent', 'fields', 'provenance', 'members', 'keys', 'withdrawn'] as const;

/** Which entities keep their members and keys as rows alone, until now and from now on. */
interface Listed {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

const none: Listed = { before: new Set(), after: new Set() };

/** Writes what differs. Keys and members that another entity held until now go over to their new one. */
async function storeEntities(
  session: Session,
  present: ReadonlyMap<string, EntityRow>,
  rows: readonly EntityRow[],
  { before, after }: Listed = none,
): Promise<void> {
  const differs = (row: EntityRow) =>
    before.has(row.id) !== after.has(row.id) ||
    resolvedColumns.some((column) => present.get(row.id)?.[column] !== row[column]);
  const stored = (row: EntityRow) => (after.has(row.id) ? { ...row, members: '', keys: '' } : row);
  await session.upsert('entity', rows.filter(differs).map(stored), resolvedColumns);

  const keys = rows.map((row) => moves(present.get(row.id), row, 'keys'));
  const kinds = new Map(rows.map(({ id, kind }) => [id, kind]));
  await removePairs(session, 'entity_key', 'key', keys);
  await session.upsert(
    'entity_key',
    keys.flatMap(({ id, came }) => came.map((key) => ({ kind: kinds.get(id) ?? '', key, entity_id: id }))),
  );

  const members = rows.map((row) => moves(present.get(row.id), row, 'members'));
  await removePairs(session, 'member', 'name', members);
  await session.upsert(
    'member',
    members.flatMap(({ id, came }) => came.map((name) => ({ name, entity_id: id }))),
  );
}

interface Moves {
  readonly id: string;
  readonly came: readonly string[];
  readonly went: readonly string[];
}

/** Only what moved is written: one more chat of a person with thousands costs one row. */
function moves(before: EntityRow | undefined, after: EntityRow, column: 'keys' | 'members'): Moves {
  const { id } = after;
  if (before?.[column] === after[column]) return { id, came: [], went: [] };
  const old = new Set(before ? parsed(before[column]) : []);
  const young = new Set(parsed(after[column]));
  return {
    id,
    came: [...young].filter((text) => !old.has(text)),
    went: [...old].filter((text) => !young.has(text)),
  };
}

/** Where they still lead to the entity that lets them go. */
async function removePairs(
  session: Session,
  table: 'entity_key' | 'member',
  column: 'key' | 'name',
  moved: readonly Moves[],
): Promise<void> {
  const pairs = moved.flatMap(({ id, went }) => went.map((text) => [text, id]));
  if (pairs.length === 0) return;
  const gone = session.dialect.rows('gone', { text: 'text', id: 'text' }, pairs);
  await session.run(sql`delete from ${sql.table(table)}
    where (${sql.ref(column)}, entity_id) in (select gone.text, gone.id from ${gone})`);
}

/** Keys that lead to another person, or to nobody, or to somebody for the first time, once `resolved` is stored. */
export async function movedKeys(
  session: Session,
  resolved: readonly ResolvedEntity[],
  before: readonly string[],
): Promise<string[]> {
  const people = resolved.filter(({ entity }) => entity.kind === 'Person');
  const next = new Map(people.flatMap(({ entity, keys }) => keys.map((key) => [key, entity.id] as const)));
  const present = await session.all(sql<{ key: string; id: string }>`
    select key, entity_id as id from entity_key
    where kind = 'Person' and ${session.among('entity_id', [...new Set([...before, ...next.values()])])}`);
  const known = new Map(present.map(({ key, id }) => [key, id]));
  return [...new Set([...next.keys(), ...known.keys()])].filter((key) => next.get(key) !== known.get(key));
}

function parsed(texts: string): string[] {
  return fromJson<string[]>(texts);
}

/** Provenance alone is no news: a value that stands for another reason is still the same value. */
function isNews(before: EntityRow | undefined, after: EntityRow): boolean {
  const columns = ['kind', 'parent', 'fields', 'members', 'withdrawn'] as const;
  return columns.some((column) => before?.[column] !== after[column]);
}
