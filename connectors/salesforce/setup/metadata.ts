/** Custom fields and objects in the words of the Metadata API. */
import type { FieldSpec, FieldType } from '../../../src/connector/contract/fields.ts';
import type { JsonObject } from '../../../src/support/json.ts';

/** What a field of each type needs beside its name and label. */
const details: Readonly<Record<FieldType, (spec: FieldSpec) => JsonObject>> = {
  text: ({ length = 255, unique = false }) => ({ type: 'Text', length, unique, externalId: unique }),
  longtext: ({ length = 32_768 }) => ({
    type: 'LongTextArea',
    length: Math.max(length, 256),
    visibleLines: 3,
  }),
  number: (spec) => ({ type: 'Number', ...digits(spec, 0), unique: spec.unique ?? false }),
  money: (spec) => ({ type: 'Currency', ...digits(spec, 2) }),
  percent: (spec) => ({ type: 'Percent', ...digits(spec, 2) }),
  // A checkbox has no blank, so it must have a default.
  boolean: () => ({ type: 'Checkbox', defaultValue: 'false' }),
  date: () => ({ type: 'Date' }),
  time: () => ({ type: 'DateTime' }),
  email: ({ unique = false }) => ({ type: 'Email', unique, externalId: unique }),
  phone: () => ({ type: 'Phone' }),
  url: () => ({ type: 'Url' }),
  picklist: (spec) => ({ type: 'Picklist', valueSet: valueSet(spec) }),
  multipicklist: (spec) => ({ type: 'MultiselectPicklist', visibleLines: 4, valueSet: valueSet(spec) }),
  reference: (spec) => ({
    type: 'Lookup',
    referenceTo: spec.to ?? '',
    relationshipName: childRelationship(spec),
    relationshipLabel: plural(spokenName(spec.object)),
    deleteConstraint: 'SetNull',
  }),
  other: ({ length = 255 }) => ({ type: 'Text', length }),
};

export function customField(spec: FieldSpec): JsonObject & { readonly fullName: string } {
  return {
    fullName: `${spec.object}.${spec.name}`,
    label: spec.label,
    ...(spec.help === undefined ? {} : { inlineHelpText: spec.help, description: spec.help }),
    ...details[spec.type](spec),
  };
}

/** A record that is written without a name gets its id as one. */
export function customObject(name: string): JsonObject & { readonly fullName: string } {
  const label = spokenName(name);
  return {
    fullName: name,
    label,
    pluralLabel: plural(label),
    nameField: { type: 'Text', label: `${label} Name` },
    deploymentStatus: 'Deployed',
    sharingModel: 'ReadWrite',
    enableReports: true,
  };
}

export function isCustomObject(name: string): boolean {
  return name.endsWith('__c');
}

function digits({ precision = 18, scale }: FieldSpec, usualScale: number): JsonObject {
  return { precision, scale: scale ?? usualScale };
}

function valueSet({ options = [] }: FieldSpec): JsonObject {
  const value = options.map((option) => ({ fullName: option, label: option, default: false }));
  return { restricted: false, valueSetDefinition: { sorted: false, value } };
}

/** The parent's name for the list of its children; unique per parent, 40 characters at most. */
function childRelationship({ object, name }: FieldSpec): string {
  const base = `${object}_${name}`.replaceAll('__c', '').replace(/_+/g, '_');
  return base.slice(0, 40).replace(/_$/, '');
}

/** `Chat_Touch__c` is spoken "Chat Touch". */
function spokenName(object: string): string {
  return object.replace(/__c$/, '').replaceAll('_', ' ');
}

function plural(label: string): string {
  return /(s|x|ch|sh)$/i.test(label) ? `${label}es` : `${label}s`;
}
