/** Takes values out of what is remembered of writes: an erased person must not come back by an undo. */
import { sql } from 'kysely';
import type { Json, JsonObject } from '../../support/json.ts';
import type { WriteRecord } from '../contract/outbox.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';

export interface WrittenPlace {
  readonly connection: string;
  readonly object: string;
  /** Vendor field. */
  readonly field: string;
}

/** Fields by `connection|object`. */
type Fields = Readonly<Record<string, readonly string[]>>;

/** By entity: what its next writes replace must not be kept either, for it tells what was to be forgotten. */
type Redacted = Readonly<Record<string, { readonly until: number; readonly fields: Fields }>>;

const key = 'redacted writes';
/** By then whatever told of the erased person has been written anew. */
const watchedMs = 30 * 86_400_000;

/** Of these entities and the hub's own children of them. */
export async function redact(
  session: Session,
  entityIds: readonly string[],
  places: readonly WrittenPlace[],
  now: number,
): Promise<void> {
  const children = await session.all(
    sql<{ id: string }>`select id from entity where ${session.among('parent', entityIds)}`,
  );
  const ids = [...entityIds, ...children.map(({ id }) => id)];
  const rows = await session.all(
    sql<Row<'outbox_write'>>`select * from outbox_write where ${session.among('entity_id', ids)}`,
  );
  const fields = fieldsOf(places);
  const named = rows.map((row) => ({ row, names: fields[placeOf(row)] ?? [] }));
  await session.upsert(
    'outbox_write',
    named.map(({ row, names }) => without(row, names)),
  );
  await forgetSent(session, named);
  await watch(session, ids, fields, now);
}

/** What is about to be written, without the replaced values that were to be forgotten. */
export async function withoutRedacted(
  session: Session,
  writes: readonly WriteRecord[],
): Promise<readonly WriteRecord[]> {
  const redacted = await watched(session);
  if (Object.keys(redacted).length === 0) return writes;
  return writes.map((write) => {
    const { until = 0, fields = {} } = redacted[write.entityId] ?? {};
    const names = write.at < until ? (fields[placeOf(write)] ?? []) : [];
    return names.length === 0 ? write : { ...write, replaced: leftOf(write.replaced, names) };
  });
}

function fieldsOf(places: readonly WrittenPlace[]): Fields {
  const byPlace = Map.groupBy(places, placeOf);
  return Object.fromEntries([...byPlace].map(([place, own]) => [place, own.map(({ field }) => field)]));
}

function placeOf({ connection, object }: { readonly connection: string; readonly object: string }): string {
  return `${connection}|${object}`;
}

async function forgetSent(
  session: Session,
  named: readonly { readonly row: Row<'outbox_write'>; readonly names: readonly string[] }[],
): Promise<void> {
  const memories = named.flatMap(({ row, names }) =>
    row.record_id === null ? [] : names.map((name) => [`${placeOf(row)}|${row.record_id}`, name]),
  );
  const gone = session.dialect.rows('gone', { ref: 'text', field: 'text' }, memories);
  await session.run(sql`delete from field_memory where (ref, field) in (select ref, field from ${gone})`);
}

async function watch(session: Session, ids: readonly string[], fields: Fields, now: number): Promise<void> {
  const before = Object.entries(await watched(session)).filter(([, { until }]) => until > now);
  const own = ids.map((id) => [id, { until: now + watchedMs, fields }] as const);
  const value = JSON.stringify(Object.fromEntries([...before, ...own]) satisfies Redacted);
  await session.upsert('state', [{ key, value }]);
}

async function watched(session: Session): Promise<Redacted> {
  const [row] = await session.all(sql<{ value: string }>`select value from state where key = ${key}`);
  return row ? fromJson<Redacted>(row.value) : {};
}

function without(row: Row<'outbox_write'>, names: readonly string[]): Row<'outbox_write'> {
  const left = (text: string) => JSON.stringify(leftOf(fromJson<JsonObject>(text), names));
  return {
    ...row,
    fields: left(row.fields),
    replaced: left(row.replaced),
    reasons: row.reasons === null ? null : left(row.reasons),
  };
}

function leftOf(told: Readonly<Record<string, Json>>, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(Object.entries(told).filter(([name]) => !names.includes(name)));
}
