/** Properties as HubSpot defines them, from the short lines of the catalogues. */
import {
  activityCatalogues,
  type Catalogue,
  catalogues,
  customCatalogue,
  type Kind,
  type Line,
} from './catalogues.ts';

export interface PropertyOption {
  readonly label: string;
  readonly value: string;
  readonly description?: string | undefined;
  readonly displayOrder: number;
  readonly hidden: boolean;
}

export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly fieldType: string;
  readonly description: string;
  readonly groupName: string;
  readonly options: readonly PropertyOption[];
  readonly displayOrder: number;
  readonly hasUniqueValue: boolean;
  readonly hidden: boolean;
  readonly formField: boolean;
  readonly hubspotDefined: boolean;
  /** HubSpot sets the value, writing it is refused. */
  readonly readOnly: boolean;
  /** Values live elsewhere (pipelines, owners), `options` is empty. */
  readonly externalOptions: boolean;
}

const kinds: Readonly<Record<Kind, { type: string; fieldType: string }>> = {
  text: { type: 'string', fieldType: 'text' },
  textarea: { type: 'string', fieldType: 'textarea' },
  phone: { type: 'string', fieldType: 'phonenumber' },
  number: { type: 'number', fieldType: 'number' },
  date: { type: 'date', fieldType: 'date' },
  datetime: { type: 'datetime', fieldType: 'date' },
  bool: { type: 'bool', fieldType: 'booleancheckbox' },
  select: { type: 'enumeration', fieldType: 'select' },
  external: { type: 'enumeration', fieldType: 'select' },
  list: { type: 'enumeration', fieldType: 'checkbox' },
};

/** Own properties of a custom object are all plain text, but for `*number*` and `*date*` by their names. */
export function standardDefinitions(object: string, own: readonly string[] = []): PropertyDefinition[] {
  const catalogue = catalogueOf(object);
  const written = [...catalogue.writable, ...own.map((name): Line => [ownKind(name), name])];
  return [
    ...written.flatMap((line) => define(line, catalogue.group, false)),
    ...catalogue.readOnly.flatMap((line) => define(line, catalogue.group, true)),
  ];
}

export function standardGroup(object: string): { name: string; label: string } {
  const { group, label } = catalogueOf(object);
  return { name: group, label };
}

function catalogueOf(object: string): Catalogue {
  return catalogues[object] ?? activityCatalogues[object] ?? customCatalogue;
}

function ownKind(name: string): Kind {
  return name.includes('number') ? 'number' : name.includes('date') ? 'date' : 'text';
}

function define(
  [kind, names, options = []]: Line,
  groupName: string,
  readOnly: boolean,
): PropertyDefinition[] {
  return names.split(' ').map((name, index) => ({
    name,
    label: labelOf(name),
    ...kinds[kind],
    description: '',
    groupName,
    options: options.map((value, displayOrder) => ({
      label: labelOf(value),
      value,
      displayOrder,
      hidden: false,
    })),
    displayOrder: index,
    hasUniqueValue: name === 'email',
    hidden: false,
    formField: !readOnly,
    hubspotDefined: true,
    readOnly,
    externalOptions: kind === 'external',
  }));
}

function labelOf(name: string): string {
  const words = name.replace(/^hs_/, '').replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
