/** An entity as a row. Of those that grow, members and keys are in `member` and `entity_key` alone: see `growth.ts`. */
import type { Entity, EntityKind, Provenance } from '../../canonical/model.ts';
import { fromJson, fromJsonOrNull } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';

export type EntityRow = Row<'entity'>;

export function rowOf(entity: Entity, keys: readonly string[], parent: string | null): EntityRow {
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

/** @param members where they are not in the row */
export function entityOf(row: EntityRow, members?: readonly string[]): Entity {
  return {
    id: row.id,
    kind: row.kind as EntityKind,
    fields: fieldsOf(row),
    provenance: fromJson<Record<string, Provenance>>(row.provenance),
    members: isListed(row) ? (members ?? []) : fromJson<string[]>(row.members),
    withdrawn: row.withdrawn === 1,
  };
}

/** With what the hub adds to it. */
export function fieldsOf({ fields, derived }: Pick<EntityRow, 'fields' | 'derived'>): Entity['fields'] {
  return { ...fromJson<Entity['fields']>(fields), ...fromJsonOrNull<Entity['fields']>(derived) };
}

export interface Loaded {
  /** With their members and keys, wherever they are kept. */
  readonly present: Map<string, EntityRow>;
  /** Those whose members and keys are not in their rows. */
  readonly listed: ReadonlySet<string>;
}

export async function loadWhole(session: Session, ids: readonly string[]): Promise<Loaded> {
  const { db, among } = session;
  const rows = await db.selectFrom('entity').selectAll().where(among('id', ids)).execute();
  const listed = rows.filter(isListed).map(({ id }) => id);
  const members = await membersListed(session, listed);
  const keys = await keysListed(session, listed);
  const whole = rows.map((row) =>
    isListed(row)
      ? {
          ...row,
          members: JSON.stringify(members.get(row.id) ?? []),
          keys: JSON.stringify(keys.get(row.id) ?? []),
        }
      : row,
  );
  return { present: new Map(whole.map((row) => [row.id, row])), listed: new Set(listed) };
}

/** An entity that grows: its members and keys are in tables of their own alone. */
export function isListed({ members }: Pick<EntityRow, 'members'>): boolean {
  return members === '';
}

/** Sorted, by entity. */
export async function membersListed(
  session: Session,
  ids: readonly string[],
): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const query = session.db.selectFrom('member').selectAll().where(session.among('entity_id', ids));
  return textsByEntity((await query.execute()).map(({ entity_id, name }) => ({ entity_id, text: name })));
}

async function keysListed(session: Session, ids: readonly string[]): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const query = session.db.selectFrom('entity_key').selectAll().where(session.among('entity_id', ids));
  return textsByEntity((await query.execute()).map(({ entity_id, key }) => ({ entity_id, text: key })));
}

function textsByEntity(rows: readonly { entity_id: string; text: string }[]): Map<string, string[]> {
  const byEntity = Map.groupBy(rows, ({ entity_id }) => entity_id);
  return new Map([...byEntity].map(([id, found]) => [id, found.map(({ text }) => text).sort()]));
}
