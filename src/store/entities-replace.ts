/** Puts resolved entities in the place of those that the same contributions formed before. */
import type { Entity, EntityKind } from '../canonical/model.ts';
import type { Family, ResolvedEntity } from './contract.ts';
import { fromJson } from './json.ts';
import { mergeLines } from './merge-log.ts';
import type { Session } from './session.ts';
import type { Row } from './tables.ts';

type EntityRow = Row<'entity'>;

export async function replaceEntities(
  session: Session,
  resolved: readonly ResolvedEntity[],
  before: readonly string[],
  at: number,
): Promise<string[]> {
  const rows = new Map(resolved.map(({ entity, keys }) => [entity.id, rowOf(entity, keys, null)]));
  const present = await load(session, [...new Set([...before, ...rows.keys()])]);
  const ended = before.filter((id) => present.has(id) && !rows.has(id));
  const children = await childrenOf(session, ended);

  await endEntities(session, [...ended, ...children]);
  await storeEntities(session, present, [...rows.values()]);
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
  const present = new Map([...(await load(session, [...ids])), ...old.map((row) => [row.id, row] as const)]);
  const ended = old.map(({ id }) => id).filter((id) => !ids.has(id));
  await endEntities(session, ended);
  await storeEntities(session, present, rows);
  return [...rows.filter((row) => isNews(present.get(row.id), row)).map(({ id }) => id), ...ended];
}

function rowOf(entity: Entity, keys: readonly string[], parent: string | null): EntityRow {
  return {
    id: entity.id,
    kind: entity.kind,
    parent,
    fields: fieldsText(entity.fields),
    provenance: JSON.stringify(entity.provenance),
    members: JSON.stringify(entity.members),
    keys: JSON.stringify(keys),
    withdrawn: Number(entity.withdrawn),
    derived: null,
  };
}

/** Sorted by name, so that equal fields have equal text. */
export function fieldsText(fields: Entity['fields']): string {
  return JSON.stringify(Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))));
}

async function load({ db, dialect }: Session, ids: readonly string[]): Promise<Map<string, EntityRow>> {
  const rows = await db.selectFrom('entity').selectAll().where(dialect.among('id', ids)).execute();
  return new Map(rows.map((row) => [row.id, row]));
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

/** Writes what differs. Keys and members that another entity held until now go over to their new one. */
async function storeEntities(
  session: Session,
  present: ReadonlyMap<string, EntityRow>,
  rows: readonly EntityRow[],
): Promise<void> {
  const differing = (columns: readonly (keyof EntityRow)[]) =>
    rows.filter((row) => columns.some((column) => present.get(row.id)?.[column] !== row[column]));
  await session.upsert('entity', differing(resolvedColumns), resolvedColumns);

  const rekeyed = differing(['keys']);
  await session.remove(
    'entity_key',
    'entity_id',
    rekeyed.filter(({ id }) => present.has(id)).map(({ id }) => id),
  );
  await session.upsert(
    'entity_key',
    rekeyed.flatMap(({ id, kind, keys }) => parsed(keys).map((key) => ({ kind, key, entity_id: id }))),
  );

  const regrouped = differing(['members']);
  await session.remove(
    'member',
    'entity_id',
    regrouped.filter(({ id }) => present.has(id)).map(({ id }) => id),
  );
  await session.upsert(
    'member',
    regrouped.flatMap(({ id, members }) => parsed(members).map((name) => ({ name, entity_id: id }))),
  );
}

function parsed(texts: string): string[] {
  return fromJson<string[]>(texts);
}

/** Provenance alone is no news: a value that stands for another reason is still the same value. */
function isNews(before: EntityRow | undefined, after: EntityRow): boolean {
  const columns = ['kind', 'parent', 'fields', 'members', 'withdrawn'] as const;
  return columns.some((column) => before?.[column] !== after[column]);
}
