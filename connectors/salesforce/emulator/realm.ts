import type { Org } from './org.ts';
import type { Realm } from './soql/realm.ts';

/** The org as the API user may query it. */
export function dataRealm({ access, catalog, clock, table }: Org): Realm {
  return {
    now: clock.now(),
    object: access.object,
    objectOfId: (id) => catalog.byPrefix(id.slice(0, 3)),
    fields: access.fields,
    field: access.field,
    relationship(object, name) {
      const field = catalog.relationship(object, name);
      return field !== undefined && access.sees(object, field) ? field : undefined;
    },
    children(object, relationship) {
      const wanted = relationship.toLowerCase();
      return catalog
        .children(object)
        .find(
          ({ child, field }) =>
            field.childRelationship?.toLowerCase() === wanted && access.sees(child, field),
        );
    },
    get: (object, id) => table(object.name).get(id),
    range: (object, from, to, withDeleted) => table(object.name).range(from, to, withDeleted),
  };
}
