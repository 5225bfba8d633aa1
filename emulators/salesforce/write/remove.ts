/** Deletion: into the recycle bin with everything that belongs to the record, or away for good. */
import { ApiError, SaveFault } from '../errors.ts';
import { toId18 } from '../ids.ts';
import type { ObjectDef, Row } from '../schema/model.ts';
import { freeLock, noAccess } from './save.ts';
import { liveRow, unknown, visibly, type Writer } from './writer.ts';

export function removeById(writer: Writer, id: string, object?: ObjectDef): string {
  const id18 = toId18(id);
  if (id18 === undefined) throw new SaveFault('MALFORMED_ID', `malformed id ${id}`);
  const found = object ?? writer.org.catalog.byPrefix(id18.slice(0, 3));
  if (found === undefined || !writer.org.access.sees(found)) throw unknown();
  if (!found.deletable) {
    throw new ApiError(
      400,
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      `entity type cannot be deleted: ${found.label}`,
    );
  }
  if (writer.throughApi && !writer.org.access.may(found, 'Delete')) throw noAccess(found);
  const row = liveRow(writer.org, found, id18);
  freeLock(writer, row);
  removeRow(writer, found, row);
  return id18;
}

export function removeRow(writer: Writer, object: ObjectDef, row: Row): void {
  const { org } = writer;
  for (const { child, field } of org.catalog.children(object)) {
    const belonging = org.table(child.name).lookup(field.name, row.Id ?? null);
    for (const one of belonging) {
      if (field.cascadeDelete) removeRow(writer, child, one);
      else org.table(child.name).change(one, { [field.name]: null });
    }
  }
  if (object.undeletable) org.table(object.name).change(row, { IsDeleted: true, ...visibly(writer) });
  else org.table(object.name).erase(row);
  org.noteDeletion({ object: object.name, id: String(row.Id), at: writer.stamp });
}

/** Out of the recycle bin, as a person does it. */
export function restoreRow(writer: Writer, object: ObjectDef, id: string): void {
  const row = writer.org.table(object.name).get(id);
  if (row?.IsDeleted !== true) throw unknown();
  const stored = writer.org.table(object.name).change(row, { IsDeleted: false, ...visibly(writer) });
  writer.org.changed(object, stored);
}
