import type { FieldDef, ObjectDef } from './model.ts';

export interface ChildRelationship {
  readonly child: ObjectDef;
  readonly field: FieldDef;
}

interface Entry {
  readonly def: ObjectDef;
  readonly fields: ReadonlyMap<string, FieldDef>;
  readonly relationships: ReadonlyMap<string, FieldDef>;
  readonly changedAt: number;
}

/** The org's schema as it stands now: looked up by name in any case, as Salesforce does. */
export class Catalog {
  readonly #entries: Map<string, Entry>;
  #children = new Map<string, readonly ChildRelationship[]>();
  #version = 0;

  constructor(objects: readonly ObjectDef[], at: number) {
    this.#entries = new Map(objects.map((def) => [def.name.toLowerCase(), toEntry(def, at)]));
  }

  /** Grows with every change of the schema. */
  get version(): number {
    return this.#version;
  }

  objects(): readonly ObjectDef[] {
    return [...this.#entries.values()].map((entry) => entry.def);
  }

  object(name: string): ObjectDef | undefined {
    return this.#entry(name)?.def;
  }

  byPrefix(prefix: string): ObjectDef | undefined {
    for (const { def } of this.#entries.values()) if (def.keyPrefix === prefix) return def;
    return undefined;
  }

  field(object: ObjectDef, name: string): FieldDef | undefined {
    return this.#entry(object.name)?.fields.get(name.toLowerCase());
  }

  /** The reference field behind `Account` in `Account.Name`. */
  relationship(object: ObjectDef, name: string): FieldDef | undefined {
    return this.#entry(object.name)?.relationships.get(name.toLowerCase());
  }

  /** Who points at this object, over which field. */
  children(object: ObjectDef): readonly ChildRelationship[] {
    const known = this.#children.get(object.name);
    if (known !== undefined) return known;
    const found = this.objects().flatMap((def) => childrenIn(def, object.name));
    this.#children.set(object.name, found);
    return found;
  }

  /** When the object was last changed, for `If-Modified-Since`; ms. */
  changedAt(object: ObjectDef): number {
    return this.#entry(object.name)?.changedAt ?? 0;
  }

  putObject(def: ObjectDef, at: number): void {
    this.#entries.set(def.name.toLowerCase(), toEntry(def, at));
    this.#changed();
  }

  dropObject(name: string): void {
    this.#entries.delete(name.toLowerCase());
    this.#changed();
  }

  putField(object: string, def: FieldDef, at: number): void {
    this.#replaceFields(object, at, (fields) => [...fields.filter((one) => !isNamed(one, def.name)), def]);
  }

  dropField(object: string, name: string, at: number): void {
    this.#replaceFields(object, at, (fields) => fields.filter((one) => !isNamed(one, name)));
  }

  #replaceFields(object: string, at: number, replace: (fields: readonly FieldDef[]) => FieldDef[]): void {
    const old = this.object(object);
    if (old === undefined) throw new RangeError(`no object ${object}`);
    this.putObject({ ...old, fields: replace(old.fields) }, at);
  }

  #entry(name: string): Entry | undefined {
    return this.#entries.get(name.toLowerCase());
  }

  #changed(): void {
    this.#version++;
    this.#children = new Map();
  }
}

function toEntry(def: ObjectDef, changedAt: number): Entry {
  const links = def.fields.flatMap((field): [string, FieldDef][] =>
    field.relationshipName === null ? [] : [[field.relationshipName.toLowerCase(), field]],
  );
  return {
    def,
    fields: new Map(def.fields.map((field) => [field.name.toLowerCase(), field])),
    relationships: new Map(links),
    changedAt,
  };
}

function isNamed(field: FieldDef, name: string): boolean {
  return field.name.toLowerCase() === name.toLowerCase();
}

function childrenIn(child: ObjectDef, parent: string): ChildRelationship[] {
  return child.fields
    .filter((field) => field.referenceTo.includes(parent))
    .map((field) => ({ child, field }));
}
