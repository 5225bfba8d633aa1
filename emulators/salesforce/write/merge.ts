/** Two records of one kind become one: the loser is deleted, all that hung on it moves to the winner. */
import { SaveFault } from '../errors.ts';
import type { FieldDef, ObjectDef, Row } from '../schema/model.ts';
import { liveRow, visibly, type Writer } from './writer.ts';

export function mergeRecords(writer: Writer, object: ObjectDef, winnerId: string, loserId: string): Row {
  if (!object.mergeable) throw new SaveFault('INVALID_OPERATION', `${object.name} cannot be merged`);
  const { org } = writer;
  const winner = liveRow(org, object, winnerId);
  const loser = liveRow(org, object, loserId);
  for (const { child, field } of org.catalog.children(object))
    moveChildren(writer, child, field, winner, loser);
  org.table(object.name).change(loser, { IsDeleted: true, MasterRecordId: winnerId, ...visibly(writer) });
  org.noteDeletion({ object: object.name, id: loserId, at: writer.stamp });
  const merged = org.table(object.name).change(winner, visibly(writer));
  org.changed(object, merged);
  return merged;
}

/** Moving is the system's doing: it shows in SystemModstamp, not in LastModifiedDate. */
function moveChildren(
  { org, stamp }: Writer,
  child: ObjectDef,
  field: FieldDef,
  winner: Row,
  loser: Row,
): void {
  const table = org.table(child.name);
  const kept = new Set(
    table.lookup(field.name, winner.Id ?? null).map((row) => siblingKey(child, field, row)),
  );
  for (const row of table.lookup(field.name, loser.Id ?? null)) {
    const key = siblingKey(child, field, row);
    if (key !== undefined && kept.has(key)) table.erase(row);
    else table.change(row, { [field.name]: winner.Id ?? null, SystemModstamp: stamp });
  }
}

/** A campaign has a person once, a deal has a contact once: of two that would be the same, one goes. */
function siblingKey(child: ObjectDef, field: FieldDef, row: Row): string | undefined {
  if (child.name === 'CampaignMember' && field.name !== 'CampaignId') return String(row.CampaignId);
  if (child.name === 'OpportunityContactRole' && field.name === 'ContactId') return String(row.OpportunityId);
  return undefined;
}
