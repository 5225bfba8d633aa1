import type { Entity } from '../../../canonical/model.ts';
import { parseRef, recordOf } from '../../../canonical/names.ts';

/** Text refs of the entity's records in one system, those that are gone among them. */
export function ownRefs(entity: Pick<Entity, 'members'>, connection: string): string[] {
  const refs = entity.members.map(recordOf);
  return [...new Set(refs)].filter((ref) => parseRef(ref).connection === connection);
}
