/** Who held a key before and holds it no more. */
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';

export async function formerHoldersAt(
  { db, among }: Session,
  keys: readonly string[],
): Promise<Row<'former_key'>[]> {
  if (keys.length === 0) return [];
  return db.selectFrom('former_key').selectAll().where(among('key', keys)).execute();
}

/** Names of contributions. */
export async function formerHolders(session: Session, keys: readonly string[]): Promise<string[]> {
  const rows = await formerHoldersAt(session, [...new Set(keys)]);
  return [...new Set(rows.map(({ name }) => name))];
}
