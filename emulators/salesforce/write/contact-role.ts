import type { Row } from '../schema/model.ts';
import { visibly, type Writer } from './writer.ts';

/** An opportunity has one primary contact: a new one takes the mark from the old. */
export function keepOnePrimary(row: Row, _old: Row | undefined, writer: Writer): void {
  if (row.IsPrimary !== true) return;
  const table = writer.org.table('OpportunityContactRole');
  for (const other of table.lookup('OpportunityId', row.OpportunityId ?? null)) {
    if (other.Id !== row.Id && other.IsPrimary === true) {
      table.change(other, { IsPrimary: false, ...visibly(writer) });
    }
  }
}

/** `ContactId` on a new opportunity makes that contact its primary role. */
export function addRoleOf(row: Row, old: Row | undefined, writer: Writer): void {
  if (old !== undefined || typeof row.ContactId !== 'string') return;
  plantRole(writer, { OpportunityId: row.Id ?? null, ContactId: row.ContactId, Role: null, IsPrimary: true });
}

export function plantRole(writer: Writer, role: Row): void {
  const { org, stamp, userId } = writer;
  org.table('OpportunityContactRole').insert({
    Id: org.ids.next('00K'),
    IsDeleted: false,
    CreatedDate: stamp,
    CreatedById: userId,
    ...visibly(writer),
    ...role,
  });
}
