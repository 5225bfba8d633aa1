/**
 * A compiled mapping against what the CRM really has. Whether the file is right in itself is decided by
 * compiling it; whether several files agree, by `together.ts`.
 */
import type { FieldKind } from '../../canonical/model.ts';
import type { FieldDescription, FieldType } from '../../connector/contract/fields.ts';
import { didYouMean } from '../../support/nearest.ts';
import type { Problem } from '../../support/problem.ts';
import type { CompiledField, CompiledMapping, CompiledObject, FieldUse } from '../language/compiled.ts';
import { isVendorField } from '../language/path.ts';
import { doubtfulProvisions, doubts, unknownOptions } from './coverage.ts';
import { type Finding, problemsOf } from './finding.ts';

/** Fields of each object as the CRM describes them; objects that are absent here are not checked. */
export type Described = ReadonlyMap<string, readonly FieldDescription[]>;

export function checkMapping(mapping: CompiledMapping, described: Described): Problem[] {
  return eachDescribed(mapping, described, checkObject);
}

/** The other way round: what the CRM has and the mapping does not know. Nothing is wrong; somebody should look. */
export function adviseMapping(mapping: CompiledMapping, described: Described): Problem[] {
  return eachDescribed(mapping, described, ({ object, fields }, described) => {
    const byName = new Map(described.map((field) => [field.name, field]));
    return fields.flatMap((field) => unknownOptions(field, object, byName.get(field.vendor)));
  });
}

type Check = (
  object: CompiledObject,
  fields: readonly FieldDescription[],
  mapping: CompiledMapping,
) => readonly Finding[];

function eachDescribed(mapping: CompiledMapping, described: Described, check: Check): Problem[] {
  const findings = Object.values(mapping.objects).flatMap((object) => {
    const fields = described.get(object.object);
    return fields ? check(object, fields, mapping) : [];
  });
  return problemsOf(mapping.file, findings);
}

type ByName = ReadonlyMap<string, FieldDescription>;

function checkObject(
  object: CompiledObject,
  fields: readonly FieldDescription[],
  mapping: CompiledMapping,
): Finding[] {
  const byName: ByName = new Map(fields.map((field) => [field.name, field]));
  const awaited = new Set(object.provisions.map(({ name }) => name));
  const doubted = doubts(object, fields);
  const known = new Set([...byName.keys(), ...doubted.map(({ spec }) => spec.name)]);
  return [
    ...object.uses
      .filter(({ vendor, optional }) => !optional && !awaited.has(vendor))
      .flatMap((use) => missingField(use, object, byName)),
    ...notProvisioned(object, known, mapping.connection),
    ...doubtfulProvisions(object, doubted),
    ...object.fields.flatMap((field) => checkField(field, object, byName.get(field.vendor))),
    ...checkExternalId(object, byName),
    ...checkCreation(object, fields),
  ];
}

/** `Owner.Email` is described with the field that holds the reference: OwnerId, or Owner__c for Owner__r. */
function missingField({ vendor, line }: FieldUse, { object }: CompiledObject, byName: ByName): Finding[] {
  const [first = ''] = vendor.split(/[.[]/);
  const names = first === vendor ? [vendor] : [first, `${first}Id`, first.replace(/__r$/, '__c')];
  if (!isVendorField(vendor) || names.some((name) => byName.has(name))) return [];
  return [
    {
      line,
      message: `${object} has no field "${vendor}", or the hub's user may not see it.`,
      remedy: didYouMean(vendor, [...byName.keys()]),
    },
  ];
}

function notProvisioned(
  { object, provisions, line }: CompiledObject,
  known: ReadonlySet<string>,
  connection: string,
): Finding[] {
  const missing = provisions
    .filter((spec) => spec.object === object && !known.has(spec.name))
    .map(({ name }) => name);
  if (missing.length === 0) return [];
  const message = `${object} lacks what the hub writes: ${missing.join(', ')}.`;
  return [{ line, message, remedy: `Run \`hub provision ${connection}\`, then again with \`--apply\`.` }];
}

/** Vendor types that can hold a canonical kind; reading takes text for anything besides. */
const holds: Readonly<Record<FieldKind, readonly FieldType[]>> = {
  text: ['text', 'longtext', 'email', 'phone', 'url', 'picklist', 'reference'],
  email: ['email', 'text', 'longtext'],
  phone: ['phone', 'text', 'longtext'],
  url: ['url', 'text', 'longtext'],
  number: ['number', 'percent', 'money'],
  money: ['money', 'number'],
  boolean: ['boolean', 'picklist'],
  time: ['time'],
  date: ['date', 'time'],
  list: ['multipicklist', 'picklist', 'text', 'longtext'],
};

/** Reading is more generous: every field has a text form, and text may spell anything. */
const alsoReads: Readonly<Record<FieldKind, readonly FieldType[]>> = {
  text: ['number', 'money', 'percent', 'boolean', 'date', 'time', 'multipicklist'],
  email: [],
  phone: [],
  url: [],
  number: ['text'],
  money: ['text'],
  boolean: ['text'],
  time: ['date', 'number', 'text'],
  date: ['text'],
  list: [],
};

function checkField(
  field: CompiledField,
  { object }: CompiledObject,
  described: FieldDescription | undefined,
): Finding[] {
  if (!described || (!field.pulls && !field.pushes)) return [];
  return [
    ...notWritable(field, object, described),
    ...wrongType(field, object, described),
    ...unofferedValues(field, object, described),
  ];
}

function notWritable(
  { line, vendor, pushes }: CompiledField,
  object: string,
  { writable }: FieldDescription,
): Finding[] {
  if (!pushes || writable) return [];
  const remedy = 'Give it the rule "pull only", or grant edit permission to the hub\'s user.';
  return [{ line, message: `${object}.${vendor} cannot be written.`, remedy }];
}

/** A table translates, whatever the type. */
function wrongType(
  { line, vendor, canonical, kind, pushes, picklist }: CompiledField,
  object: string,
  { type }: FieldDescription,
): Finding[] {
  const accepted = pushes ? holds[kind] : [...holds[kind], ...alsoReads[kind]];
  if (picklist || type === 'other' || accepted.includes(type)) return [];
  const message = `${object}.${vendor} is of type ${type}; "${canonical}" is of kind ${kind}.`;
  return [{ line, message, remedy: `Map it to a field of type ${accepted.slice(0, 3).join(', ')}.` }];
}

function unofferedValues(
  { picklist = [], vendor, line }: CompiledField,
  object: string,
  { options }: FieldDescription,
): Finding[] {
  if (!options || options.length === 0) return [];
  const offered = new Set(options.map((option) => option.toLowerCase()));
  return picklist
    .filter((value) => !offered.has(value.toLowerCase()))
    .map((value) => ({
      line,
      message: `${object}.${vendor} does not offer "${value}".`,
      remedy: didYouMean(value, options),
    }));
}

function checkExternalId({ object, externalId, line }: CompiledObject, byName: ByName): Finding[] {
  const described = externalId === undefined ? undefined : byName.get(externalId);
  if (!described || described.unique) return [];
  return [
    {
      line,
      message: `${object}.${described.name} is not unique, so a repeated creation would double records.`,
      remedy: 'Mark the field as unique (and as external id) in the CRM.',
    },
  ];
}

/** What the CRM demands of a new record and the mapping does not send. */
function checkCreation(
  { object, create, fields, references, externalId, line }: CompiledObject,
  described: readonly FieldDescription[],
): Finding[] {
  if (!create) return [];
  const sent = new Set([
    ...fields.filter(({ creates }) => creates).map(({ vendor }) => vendor),
    ...references.map(({ vendor }) => vendor),
    ...Object.keys(create.defaults),
    externalId,
  ]);
  return described
    .filter(({ name, required, writable }) => required === true && writable && !sent.has(name))
    .map(({ name }) => ({
      line,
      message: `A new ${object} needs "${name}", which the mapping does not send.`,
      remedy: `Add it to \`create: send:\`, or give it a value under \`create: defaults:\`.`,
    }));
}
