import type { Clock } from '../../../src/support/clock.ts';
import type { Knobs } from '../knobs.ts';
import { type PropertyDefinition, standardDefinitions, standardGroup } from './definitions.ts';
import { invalid, notFound, Refusal } from './refusal.ts';

export interface Property extends PropertyDefinition {
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly archivedAt: number | null;
  /** HubSpot's own lag: before this time the property does not exist for anyone. */
  readonly usableFrom: number;
}

export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly archived: boolean;
}

/** What a client may say about a property; the rest is HubSpot's. */
export type PropertyDraft = Pick<PropertyDefinition, 'name' | 'label' | 'type' | 'fieldType' | 'groupName'> &
  Partial<
    Pick<
      PropertyDefinition,
      'description' | 'options' | 'displayOrder' | 'hasUniqueValue' | 'hidden' | 'formField'
    >
  >;
export type PropertyChange = Partial<Omit<PropertyDraft, 'name' | 'hasUniqueValue'>>;

/** https://developers.hubspot.com/docs/api-reference/crm-properties-v3/guide: unique properties of an object. */
const mostUnique = 10;

/** The properties and groups of one object type. Throws what HubSpot refuses. */
export class Schema {
  readonly #properties = new Map<string, Property>();
  readonly #groups = new Map<string, PropertyGroup>();
  readonly #clock: Clock;
  readonly #knobs: Knobs;
  #uniqueNames: readonly string[] = [];

  constructor(object: string, own: readonly string[], clock: Clock, knobs: Knobs) {
    this.#clock = clock;
    this.#knobs = knobs;
    const group = standardGroup(object);
    this.#groups.set(group.name, { ...group, displayOrder: 0, archived: false });
    for (const definition of standardDefinitions(object, own)) {
      this.#keep({ ...definition, createdAt: 0, updatedAt: 0, archivedAt: null, usableFrom: 0 });
    }
  }

  get uniqueNames(): readonly string[] {
    return this.#uniqueNames;
  }

  /** Undefined while unknown, archived or not usable yet. */
  find(name: string): Property | undefined {
    const property = this.#properties.get(name);
    return property && property.archivedAt === null && this.#isUsable(property) ? property : undefined;
  }

  findArchived(name: string): Property | undefined {
    const property = this.#properties.get(name);
    return property && property.archivedAt !== null ? property : undefined;
  }

  list(archived: boolean): Property[] {
    return [...this.#properties.values()].filter(
      (property) => (property.archivedAt !== null) === archived && this.#isUsable(property),
    );
  }

  create(draft: PropertyDraft): Property {
    const old = this.#properties.get(draft.name);
    if (old?.archivedAt === null) throw propertyExists(draft.name);
    this.#assertGroup(draft.groupName);
    if (draft.hasUniqueValue && this.#uniqueNames.length >= mostUnique) {
      throw invalid(`You have reached the limit of ${mostUnique} unique properties.`);
    }
    const now = this.#clock.now();
    const definition = old && this.#knobs.restoredDefinition === 'old' ? old : completed(draft);
    return this.#keep({
      ...definition,
      createdAt: old?.createdAt ?? now,
      updatedAt: now,
      archivedAt: null,
      usableFrom: now + this.#knobs.propertyLagMs,
    });
  }

  /** `options` replaces the whole list. */
  update(name: string, change: PropertyChange): Property {
    const before = this.#known(name);
    if (change.groupName !== undefined) this.#assertGroup(change.groupName);
    return this.#keep({ ...before, ...change, updatedAt: this.#clock.now() });
  }

  archive(name: string): void {
    this.#keep({ ...this.#known(name), archivedAt: this.#clock.now() });
  }

  groups(): PropertyGroup[] {
    return [...this.#groups.values()].filter(({ archived }) => !archived);
  }

  findGroup(name: string): PropertyGroup {
    const group = this.#groups.get(name);
    if (group?.archived === false) return group;
    throw notFound(`Property group "${name}" does not exist.`);
  }

  createGroup(group: Omit<PropertyGroup, 'archived'>): PropertyGroup {
    if (this.#groups.get(group.name)?.archived === false) throw groupExists(group.name);
    const made = { ...group, archived: false };
    this.#groups.set(group.name, made);
    return made;
  }

  archiveGroup(name: string): void {
    const group = this.findGroup(name);
    if (this.list(false).some(({ groupName }) => groupName === name)) {
      throw invalid(`Property group "${name}" still has active properties.`);
    }
    this.#groups.set(name, { ...group, archived: true });
  }

  #isUsable(property: Property): boolean {
    return property.usableFrom <= this.#clock.now();
  }

  #known(name: string): Property {
    const property = this.find(name);
    if (property) return property;
    throw notFound(`Property "${name}" does not exist.`);
  }

  #assertGroup(name: string): void {
    if (this.#groups.get(name)?.archived !== false) throw invalid(`Property group "${name}" does not exist.`);
  }

  #keep(property: Property): Property {
    this.#properties.set(property.name, property);
    this.#uniqueNames = [...this.#properties.values()]
      .filter((one) => one.hasUniqueValue && one.archivedAt === null)
      .map(({ name }) => name);
    return property;
  }
}

function completed(draft: PropertyDraft): PropertyDefinition {
  return {
    description: '',
    options: [],
    displayOrder: -1,
    hasUniqueValue: false,
    hidden: false,
    formField: true,
    ...draft,
    hubspotDefined: false,
    readOnly: false,
    externalOptions: false,
  };
}

function propertyExists(name: string): Refusal {
  return new Refusal(409, {
    message: `A property named '${name}' already exists.`,
    category: 'OBJECT_ALREADY_EXISTS',
    subCategory: 'Properties.PROPERTY_WITH_NAME_EXISTS',
    context: { name: [name] },
  });
}

function groupExists(name: string): Refusal {
  const message = `A property group named '${name}' already exists.`;
  return new Refusal(409, { message, category: 'OBJECT_ALREADY_EXISTS' });
}
