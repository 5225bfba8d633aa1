/** A custom field made of its metadata, or why Salesforce does not make it. */
import { SaveFault } from '../errors.ts';
import { field } from '../schema/fields.ts';
import type { FieldDef } from '../schema/model.ts';
import { flagOf, type Metadata, numberOf, partOf, partsOf, textOf } from './metadata.ts';

type Make = (metadata: Metadata, name: string) => Partial<FieldDef> & Pick<FieldDef, 'type'>;

function integrity(message: string): SaveFault {
  return new SaveFault('FIELD_INTEGRITY_EXCEPTION', message);
}

function lengthOf(metadata: Metadata, least: number, most: number): number {
  const length = numberOf(metadata, 'length');
  if (length === undefined || length < least) throw integrity(`Invalid length, minimum is: ${least}`);
  if (length > most) throw integrity(`Invalid length, maximum is: ${most}`);
  return length;
}

const longText: Make = (metadata) => {
  if (numberOf(metadata, 'visibleLines') === undefined) throw integrity('Must specify visibleLines');
  return { type: 'textarea', length: lengthOf(metadata, 256, 131_072), filterable: false, sortable: false };
};

const number =
  (type: 'double' | 'currency' | 'percent'): Make =>
  (metadata) => {
    const precision = numberOf(metadata, 'precision');
    const scale = numberOf(metadata, 'scale');
    if (precision === undefined || scale === undefined) throw integrity('Must specify precision and scale');
    if (precision > 18 || scale > precision)
      throw integrity(`Invalid precision or scale: ${precision}, ${scale}`);
    return { type, precision, scale };
  };

const choices =
  (type: 'picklist' | 'multipicklist'): Make =>
  (metadata) => {
    const set = partOf(metadata, 'valueSet');
    const definition = set && partOf(set, 'valueSetDefinition');
    if (set === undefined || definition === undefined) throw integrity('Picklist must specify a valueSet');
    const values = partsOf(definition, 'value');
    const standard = values.find((value) => flagOf(value, 'default'));
    return {
      type,
      length: type === 'picklist' ? 255 : 4099,
      picklist: values.map((value) => textOf(value, 'fullName') ?? textOf(value, 'valueName') ?? ''),
      restricted: flagOf(set, 'restricted'),
      defaultValue: (standard && textOf(standard, 'fullName')) ?? null,
    };
  };

const reference: Make = (metadata, name) => {
  const target = textOf(metadata, 'referenceTo');
  if (target === undefined) throw integrity('Must specify referenceTo');
  const children = textOf(metadata, 'relationshipName');
  return {
    type: 'reference',
    length: 18,
    referenceTo: [target],
    relationshipName: name.replace(/__c$/, '__r'),
    childRelationship: children === undefined ? null : `${children}__r`,
  };
};

const masterDetail: Make = (metadata, name) => ({
  ...reference(metadata, name),
  nillable: false,
  updateable: false,
  cascadeDelete: true,
});

const checkbox: Make = (metadata) => {
  if (flagOf(metadata, 'required'))
    throw integrity("Can not specify 'required' for a CustomField of type Checkbox");
  const standard = textOf(metadata, 'defaultValue');
  if (standard === undefined)
    throw integrity('Must specify a defaultValue for a CustomField of type Checkbox');
  return { type: 'boolean', nillable: false, defaulted: true, defaultValue: standard === 'true' };
};

const makers: Readonly<Record<string, Make>> = {
  Text: (metadata) => ({ type: 'string', length: lengthOf(metadata, 1, 255) }),
  TextArea: () => ({ type: 'textarea', length: 255 }),
  LongTextArea: longText,
  Html: longText,
  Email: () => ({ type: 'email', length: 80 }),
  Phone: () => ({ type: 'phone', length: 40 }),
  Url: () => ({ type: 'url', length: 255 }),
  Checkbox: checkbox,
  Number: number('double'),
  Currency: number('currency'),
  Percent: number('percent'),
  Date: () => ({ type: 'date' }),
  DateTime: () => ({ type: 'datetime' }),
  Picklist: choices('picklist'),
  MultiselectPicklist: choices('multipicklist'),
  Lookup: reference,
  MasterDetail: masterDetail,
};

const longestName = 40;

/** `name` is without the object: `Attr_Credit__c`. The result is in no profile: nobody sees it yet. */
export function makeField(name: string, metadata: Metadata, toolingId: string): FieldDef {
  checkName(name);
  const label = textOf(metadata, 'label');
  if (label === undefined) throw new SaveFault('REQUIRED_FIELD_MISSING', 'Required field is missing: label');
  const type = textOf(metadata, 'type') ?? '';
  const made = makers[type]?.(metadata, name);
  if (made === undefined) throw integrity(`Invalid field type: ${type || 'none'}`);
  const required = flagOf(metadata, 'required') || type === 'MasterDetail';
  return field(name, label, made.type, {
    ...made,
    ...(required ? { nillable: false } : {}),
    ...(type === 'Checkbox' ? {} : startValueOf(metadata, made)),
    custom: true,
    externalId: flagOf(metadata, 'externalId'),
    unique: flagOf(metadata, 'unique'),
    caseSensitive: flagOf(metadata, 'caseSensitive'),
    help: textOf(metadata, 'inlineHelpText') ?? null,
    permissionable: !required,
    inProfile: false,
    toolingId,
  });
}

function startValueOf(metadata: Metadata, made: Partial<FieldDef>): Partial<FieldDef> {
  const value = textOf(metadata, 'defaultValue')?.replace(/^"(.*)"$/, '$1');
  if (value === undefined) return {};
  const isNumber = made.precision !== undefined;
  return { defaulted: true, defaultValue: isNumber ? Number(value) : value };
}

export function checkName(name: string): void {
  const base = name.replace(/__c$/, '');
  if (base !== name && base.length <= longestName && /^[A-Za-z](_?[A-Za-z0-9])*$/.test(base)) return;
  const message = `The name "${name}" can only contain alphanumeric characters, must begin with a letter, cannot end with an underscore or contain two consecutive underscore characters, must end in __c, and has at most ${longestName} characters`;
  throw new SaveFault('INVALID_FULL_NAME', message);
}
