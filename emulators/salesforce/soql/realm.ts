/** What a query runs over: the org's data as the API user sees it, or the tooling view of the schema. */
import type { RowList } from '../rows/list.ts';
import type { Place } from '../rows/sorted.ts';
import type { ChildRelationship } from '../schema/catalog.ts';
import type { FieldDef, ObjectDef, Row } from '../schema/model.ts';
import type { Query } from './ast.ts';

export interface Realm {
  /** Ms; what TODAY is. */
  readonly now: number;
  /** Who asks. */
  readonly userId: string;
  /** Undefined for what does not exist or must not be seen; so for all that follow. */
  object(name: string): ObjectDef | undefined;
  objectOfId(id: string): ObjectDef | undefined;
  fields(object: ObjectDef): readonly FieldDef[];
  field(object: ObjectDef, name: string): FieldDef | undefined;
  relationship(object: ObjectDef, name: string): FieldDef | undefined;
  children(object: ObjectDef, relationship: string): ChildRelationship | undefined;
  /** Deleted ones too. */
  get(object: ObjectDef, id: string): Row | undefined;
  range(object: ObjectDef, from: Place, to: Place, withDeleted: boolean): RowList;
  /** Those of the ids that are there, in the same order as a range. */
  named(object: ObjectDef, ids: readonly string[], withDeleted: boolean): RowList;
}

/** One query under way; a subquery has a scope of its own. */
export interface Scope {
  readonly realm: Realm;
  readonly query: Query;
  readonly object: ObjectDef;
  /** The whole text, subqueries included, for errors. */
  readonly text: string;
  readonly withDeleted: boolean;
  /** API version, `62.0`. */
  readonly version: string;
}
