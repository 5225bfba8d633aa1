/** Metadata components put into the org, read back and dropped: fields, objects, permission sets. */
import { SaveFault } from '../errors.ts';
import type { Org } from '../org.ts';
import type { FieldDef, ObjectDef } from '../schema/model.ts';
import { makeField } from './custom-field.ts';
import { makeObject } from './custom-object.ts';
import { type Metadata, partsOf } from './metadata.ts';
import { dropPermissionSet, putPermissionSet } from './permission-set.ts';

/** What is done when the component is there already, and when it is not. */
export type PutMode = 'create' | 'update' | 'upsert';

/** Returns whether it was created. */
type Put = (org: Org, fullName: string, metadata: Metadata, mode: PutMode) => boolean;

const puts: Readonly<Record<string, Put>> = {
  CustomField: (org, fullName, metadata, mode) => putField(org, fullName, metadata, mode).created,
  CustomObject: putObject,
  PermissionSet: putPermissionSet,
};

export function putComponent(
  org: Org,
  type: string,
  fullName: string,
  metadata: Metadata,
  mode: PutMode,
): boolean {
  const put = puts[type];
  if (put === undefined)
    throw new SaveFault('INVALID_TYPE', `This type of metadata is not available: ${type}`);
  return put(org, fullName, metadata, mode);
}

function checkMode(exists: boolean, mode: PutMode, fullName: string): void {
  if (exists && mode === 'create') {
    throw new SaveFault('DUPLICATE_DEVELOPER_NAME', `There is already a component named ${fullName}.`);
  }
  if (!exists && mode === 'update') {
    throw new SaveFault('INVALID_CROSS_REFERENCE_KEY', `No component named ${fullName} found`);
  }
}

function splitName(org: Org, fullName: string): { object: ObjectDef; name: string } {
  const [type = '', name = ''] = fullName.split('.');
  const object = org.catalog.object(type);
  if (object !== undefined && name !== '') return { object, name };
  throw new SaveFault(
    'INVALID_CROSS_REFERENCE_KEY',
    `Entity of type '${type}' named '${fullName}' cannot be found`,
  );
}

export function putField(
  org: Org,
  fullName: string,
  metadata: Metadata,
  mode: PutMode,
): { field: FieldDef; created: boolean } {
  const { object, name } = splitName(org, fullName);
  const old = org.catalog.field(object, name);
  if (old !== undefined && mode === 'create') {
    const message = `There is already a field named ${name.replace(/__c$/, '')} on ${object.label}.`;
    throw new SaveFault('DUPLICATE_DEVELOPER_NAME', message, ['DeveloperName']);
  }
  checkMode(old !== undefined, mode, fullName);
  const made = makeField(name, metadata, old?.toolingId ?? org.ids.next('00N'));
  checkTarget(org, made);
  const field = old === undefined ? made : { ...made, inProfile: old.inProfile };
  org.catalog.putField(object.name, field, org.clock.now());
  org.journal.note(() => undo(org, object, name, old));
  return { field, created: old === undefined };
}

function undo(org: Org, object: ObjectDef, name: string, old: FieldDef | undefined): void {
  if (old === undefined) org.catalog.dropField(object.name, name, org.clock.now());
  else org.catalog.putField(object.name, old, org.clock.now());
}

function checkTarget(org: Org, { referenceTo }: FieldDef): void {
  const lost = referenceTo.find((name) => org.catalog.object(name) === undefined);
  if (lost !== undefined)
    throw new SaveFault(
      'FIELD_INTEGRITY_EXCEPTION',
      `referenceTo value of '${lost}' does not resolve to a valid sObject type`,
    );
}

function putObject(org: Org, fullName: string, metadata: Metadata, mode: PutMode): boolean {
  const old = org.catalog.object(fullName);
  checkMode(old !== undefined, mode, fullName);
  const place = {
    keyPrefix: old?.keyPrefix ?? nextPrefix(org),
    toolingId: old?.toolingId ?? org.ids.next('01I'),
    multiCurrency: org.knobs.multiCurrency,
  };
  const made = makeObject(fullName, metadata, place);
  const customFields = old?.fields.filter((field) => field.custom) ?? [];
  org.catalog.putObject({ ...made, fields: [...made.fields, ...customFields] }, org.clock.now());
  org.journal.note(() =>
    old === undefined ? org.catalog.dropObject(fullName) : org.catalog.putObject(old, org.clock.now()),
  );
  for (const part of partsOf(metadata, 'fields'))
    putField(org, `${fullName}.${part.fullName}`, part, 'upsert');
  return old === undefined;
}

function nextPrefix(org: Org): string {
  const count = org.catalog.objects().filter((object) => object.custom).length;
  return `a${count.toString(36).padStart(2, '0')}`;
}

export function dropComponent(org: Org, type: string, fullName: string): void {
  const drop = drops[type];
  if (drop === undefined)
    throw new SaveFault('INVALID_TYPE', `This type of metadata is not available: ${type}`);
  drop(org, fullName);
}

const drops: Readonly<Record<string, (org: Org, fullName: string) => void>> = {
  CustomField: dropField,
  CustomObject: dropObject,
  PermissionSet: dropPermissionSet,
};

function dropObject(org: Org, fullName: string): void {
  const object = org.catalog.object(fullName);
  if (object?.custom !== true)
    throw new SaveFault('INVALID_CROSS_REFERENCE_KEY', `No component named ${fullName} found`);
  org.catalog.dropObject(fullName);
  org.journal.note(() => org.catalog.putObject(object, org.clock.now()));
}

export function dropField(org: Org, fullName: string): void {
  const [type = '', name = ''] = fullName.split('.');
  const object = org.catalog.object(type);
  const field = object && org.catalog.field(object, name);
  if (object === undefined || field?.custom !== true) {
    throw new SaveFault(
      'INVALID_CROSS_REFERENCE_KEY',
      'This custom field does not exist or is not accessible',
    );
  }
  org.catalog.dropField(object.name, name, org.clock.now());
  org.journal.note(() => org.catalog.putField(object.name, field, org.clock.now()));
}
