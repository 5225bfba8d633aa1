import { closeTime } from '../../canonical/close-time.ts';
import type { Entity } from '../../canonical/model.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';

export interface Closed {
  readonly at: number;
  /** When the deal came to be; unknown: before anything else. */
  readonly openedAt: number;
}

/** Of these deals those that are closed. */
export async function closingsOf(
  { db, among }: Session,
  deals: readonly string[],
): Promise<Map<string, Closed>> {
  const rows = await db.selectFrom('entity').select(['id', 'fields']).where(among('id', deals)).execute();
  return new Map(
    rows.flatMap(({ id, fields: text }): [string, Closed][] => {
      const fields = fromJson<Entity['fields']>(text);
      const at = closeTime({ fields });
      const { createdAt } = fields;
      const openedAt = typeof createdAt === 'number' ? createdAt : Number.NEGATIVE_INFINITY;
      return at === null ? [] : [[id, { at, openedAt }]];
    }),
  );
}
