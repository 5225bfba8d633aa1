import { type AssociationType, bothWays, standardAssociationTypes } from './association-types.ts';
import { invalid } from './refusal.ts';

export interface RecordRef {
  readonly object: string;
  readonly id: string;
}

export interface AssociationSpec {
  readonly associationCategory: string;
  readonly associationTypeId: number;
}

export interface Link {
  readonly id: string;
  readonly types: readonly AssociationType[];
}

/** Told when two records are tied or parted, once per direction and type. */
export type LinkListener = (from: RecordRef, to: RecordRef, type: AssociationType, removed: boolean) => void;

const firstUserType = 101;

/** Which records belong to which. Both directions are kept, as HubSpot tells both. */
export class Links {
  readonly #types: AssociationType[] = standardAssociationTypes();
  /** From record, object type, to record. */
  readonly #links = new Map<string, Map<string, Set<AssociationType>>>();
  readonly #listener: LinkListener;
  #nextUserType = firstUserType;

  constructor(listener: LinkListener) {
    this.#listener = listener;
  }

  types(from: string, to: string): AssociationType[] {
    return this.#types.filter((type) => type.from === from && type.to === to);
  }

  /** A label as an admin makes it in the settings; the same label is the same type. */
  label(from: string, to: string, label: string): AssociationSpec {
    const known = this.types(from, to).find((type) => type.label === label);
    if (known) return toSpec(known);
    const typeId = this.#nextUserType;
    this.#nextUserType += 2;
    const type = { from, to, typeId, inverse: typeId + 1, label, category: 'USER_DEFINED' } as const;
    this.#types.push(...bothWays(type));
    return toSpec(type);
  }

  /** The kind without a label, which every associated pair has. */
  plainType(from: string, to: string): AssociationType {
    const plain = this.types(from, to).find(({ label }) => label === null);
    if (plain) return plain;
    throw invalid(`No association is defined from ${from} to ${to}`);
  }

  add(from: RecordRef, to: RecordRef, specs: readonly AssociationSpec[]): AssociationType[] {
    if (from.object === to.object && from.id === to.id) {
      throw invalid(`Object ${from.id} cannot be associated to itself (${to.id})`);
    }
    const asked = specs.map((spec) => this.#find(from.object, to.object, spec));
    const types = new Set([this.plainType(from.object, to.object), ...asked]);
    for (const type of types) this.#tie(from, to, type);
    const inverse = asked.map((type) => this.#inverse(type));
    if (to.object === 'companies') this.#settlePrimary(from, to, asked);
    else if (from.object === 'companies') this.#settlePrimary(to, from, inverse);
    return [...types];
  }

  removeAll(from: RecordRef, to: RecordRef): void {
    const tied = this.#links.get(shelf(from, to.object))?.get(to.id) ?? [];
    for (const type of [...tied]) this.#part(from, to, type);
  }

  /** Taking away the plain kind takes away the labels too. */
  removeTypes(from: RecordRef, to: RecordRef, specs: readonly AssociationSpec[]): void {
    for (const spec of specs) {
      const type = this.#find(from.object, to.object, spec);
      if (type.label === null) this.removeAll(from, to);
      else this.#part(from, to, type);
    }
  }

  of(from: RecordRef, toObject: string): Link[] {
    const links = this.#links.get(shelf(from, toObject)) ?? new Map<string, Set<AssociationType>>();
    return [...links].map(([id, types]) => ({ id, types: [...types] }));
  }

  /** A merge: the survivor takes over what both had. */
  move(from: RecordRef, into: RecordRef, objects: readonly string[]): void {
    for (const object of objects) {
      for (const { id, types } of this.of(from, object)) {
        const to = { object, id };
        this.removeAll(from, to);
        if (object === into.object && id === into.id) continue;
        this.add(into, to, types.filter(({ label }) => label !== 'Primary').map(toSpec));
      }
    }
  }

  #find(from: string, to: string, spec: AssociationSpec): AssociationType {
    const { associationCategory: category, associationTypeId: typeId } = spec;
    const found = this.types(from, to).find((type) => type.typeId === typeId && type.category === category);
    if (found) return found;
    throw invalid(`Association type ${category} ${typeId} does not exist from ${from} to ${to}`);
  }

  /** The first company is the primary one by itself; a new primary one takes the place of the old. */
  #settlePrimary(from: RecordRef, company: RecordRef, asked: readonly AssociationType[]): void {
    const primary = this.types(from.object, company.object).find(({ label }) => label === 'Primary');
    if (!primary) return;
    const others = this.of(from, company.object).filter(
      ({ id, types }) => id !== company.id && types.includes(primary),
    );
    if (others.length > 0 && !asked.includes(primary)) return;
    for (const { id } of others) this.#part(from, { object: company.object, id }, primary);
    this.#tie(from, company, primary);
  }

  #tie(from: RecordRef, to: RecordRef, type: AssociationType): void {
    if (!this.#put(from, to, type)) return;
    this.#listener(from, to, type, false);
    const back = this.#inverse(type);
    if (this.#put(to, from, back)) this.#listener(to, from, back, false);
  }

  #part(from: RecordRef, to: RecordRef, type: AssociationType): void {
    if (!this.#drop(from, to, type)) return;
    this.#listener(from, to, type, true);
    const back = this.#inverse(type);
    if (this.#drop(to, from, back)) this.#listener(to, from, back, true);
  }

  #put(from: RecordRef, to: RecordRef, type: AssociationType): boolean {
    const links = this.#links.get(shelf(from, to.object)) ?? new Map<string, Set<AssociationType>>();
    this.#links.set(shelf(from, to.object), links);
    const types = links.get(to.id) ?? new Set();
    links.set(to.id, types);
    if (types.has(type)) return false;
    types.add(type);
    return true;
  }

  #drop(from: RecordRef, to: RecordRef, type: AssociationType): boolean {
    const links = this.#links.get(shelf(from, to.object));
    const types = links?.get(to.id);
    if (!types?.delete(type)) return false;
    if (types.size === 0) links?.delete(to.id);
    return true;
  }

  #inverse(type: AssociationType): AssociationType {
    return this.#find(type.to, type.from, {
      associationCategory: type.category,
      associationTypeId: type.inverse,
    });
  }
}

function shelf(from: RecordRef, toObject: string): string {
  return `${from.object}/${from.id}/${toObject}`;
}

export function toSpec(type: AssociationType): AssociationSpec {
  return { associationCategory: type.category, associationTypeId: type.typeId };
}
