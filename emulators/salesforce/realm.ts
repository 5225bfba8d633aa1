import type { Org } from './org.ts';
import { pick, type RowList } from './rows/list.ts';
import type { ObjectDef } from './schema/model.ts';
import type { Realm } from './soql/realm.ts';

/** The org as the API user may query it. */
export function dataRealm(org: Org): Realm {
  const { access, catalog, clock } = org;
  return {
    now: clock.now(),
    userId: org.apiUserId,
    object: (name) => access.object(name),
    objectOfId: (id) => catalog.byPrefix(id.slice(0, 3)),
    fields: (object) => access.fields(object),
    field: (object, name) => access.field(object, name),
    relationship: (object, name) => access.relationship(object, name),
    children(object, relationship) {
      const wanted = relationship.toLowerCase();
      return catalog
        .children(object)
        .find(
          ({ child, field }) =>
            field.childRelationship?.toLowerCase() === wanted && access.sees(child, field),
        );
    },
    get: (object, id) => org.table(object.name).get(id),
    range: (object, from, to, withDeleted) =>
      withoutArchived(object, org.table(object.name).range(from, to, withDeleted), withDeleted),
    named: (object, ids, withDeleted) =>
      withoutArchived(object, org.table(object.name).named(ids, withDeleted), withDeleted),
  };
}

/** Activities of long ago are archived: they are not deleted, yet only queryAll shows them. */
function withoutArchived(object: ObjectDef, rows: RowList, withDeleted: boolean): RowList {
  if (withDeleted || !object.fields.some((field) => field.name === 'IsArchived')) return rows;
  return pick(rows, (row) => row.IsArchived !== true);
}
