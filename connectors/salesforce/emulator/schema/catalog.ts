/** The org's schema as it stands now: looked up by name in any case, as Salesforce does. */
import type { FieldDef, ObjectDef } from './model.ts';

export interface ChildRelationship {
  readonly child: ObjectDef;
  readonly field: FieldDef;
}

export interface Catalog {
  /** Grows with every change of the schema. */
  readonly version: number;
  objects(): readonly ObjectDef[];
  object(name: string): ObjectDef | undefined;
  byPrefix(prefix: string): ObjectDef | undefined;
  field(object: ObjectDef, name: string): FieldDef | undefined;
  /** The reference field behind `Account` in `Account.Name`. */
  relationship(object: ObjectDef, name: string): FieldDef | undefined;
  /** Who points at this object, over which field. */
  children(object: ObjectDef): readonly ChildRelationship[];
  /** When the object was last changed, for `If-Modified-Since`; ms. */
  changedAt(object: ObjectDef): number;
  putObject(def: ObjectDef, at: number): void;
  putField(object: string, def: FieldDef, at: number): void;
  dropField(object: string, name: string, at: number): void;
  dropObject(name: string): void;
}

interface Entry {
  readonly def: ObjectDef;
  readonly fields: ReadonlyMap<string, FieldDef>;
  readonly relationships: ReadonlyMap<string, FieldDef>;
  readonly changedAt: number;
}

function toEntry(def: ObjectDef, changedAt: number): Entry {
  const linked = def.fields.filter((field) => field.relationshipName !== null);
  return {
    def,
    fields: new Map(def.fields.map((field) => [field.name.toLowerCase(), field])),
    relationships: new Map(linked.map((field) => [(field.relationshipName ?? '').toLowerCase(), field])),
    changedAt,
  };
}

export function createCatalog(standard: readonly ObjectDef[], at: number): Catalog {
  const entries = new Map(standard.map((def) => [def.name.toLowerCase(), toEntry(def, at)]));
  const entry = (name: string) => entries.get(name.toLowerCase());
  let version = 0;
  let children = new Map<string, ChildRelationship[]>();
  const put = (def: ObjectDef, changedAt: number) => {
    entries.set(def.name.toLowerCase(), toEntry(def, changedAt));
    version++;
    children = new Map();
  };
  return {
    get version() {
      return version;
    },
    objects: () => [...entries.values()].map((one) => one.def),
    object: (name) => entry(name)?.def,
    byPrefix: (prefix) => [...entries.values()].find((one) => one.def.keyPrefix === prefix)?.def,
    field: (object, name) => entry(object.name)?.fields.get(name.toLowerCase()),
    relationship: (object, name) => entry(object.name)?.relationships.get(name.toLowerCase()),
    children(object) {
      let found = children.get(object.name);
      if (found === undefined) {
        found = [...entries.values()].flatMap(({ def }) => childrenIn(def, object.name));
        children.set(object.name, found);
      }
      return found;
    },
    changedAt: (object) => entry(object.name)?.changedAt ?? at,
    putObject: put,
    putField(object, def, changedAt) {
      const old = entry(object)?.def;
      if (old === undefined) throw new Error(`no object ${object}`);
      const others = old.fields.filter((one) => one.name.toLowerCase() !== def.name.toLowerCase());
      put({ ...old, fields: [...others, def] }, changedAt);
    },
    dropField(object, name, changedAt) {
      const old = entry(object)?.def;
      if (old === undefined) return;
      put(
        { ...old, fields: old.fields.filter((one) => one.name.toLowerCase() !== name.toLowerCase()) },
        changedAt,
      );
    },
    dropObject(name) {
      entries.delete(name.toLowerCase());
      version++;
      children = new Map();
    },
  };
}

function childrenIn(child: ObjectDef, parent: string): ChildRelationship[] {
  return child.fields
    .filter((field) => field.referenceTo.includes(parent))
    .map((field) => ({ child, field }));
}
