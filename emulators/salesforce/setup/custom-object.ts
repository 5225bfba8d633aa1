import { SaveFault } from '../errors.ts';
import { audit, idField, isDeleted, object, owner, text, viewed } from '../schema/fields.ts';
import type { ObjectDef } from '../schema/model.ts';
import { withCurrency } from '../schema/standard.ts';
import { checkName } from './custom-field.ts';
import { type Metadata, partOf, textOf } from './metadata.ts';

const needed = ['label', 'pluralLabel', 'deploymentStatus', 'sharingModel'];

export interface ObjectPlace {
  readonly keyPrefix: string;
  readonly toolingId: string;
  readonly multiCurrency: boolean;
}

/** An object without its custom fields; in no profile, as fields are. */
export function makeObject(name: string, metadata: Metadata, place: ObjectPlace): ObjectDef {
  checkName(name);
  const missing = needed.find((key) => textOf(metadata, key) === undefined);
  if (missing !== undefined) {
    throw new SaveFault('REQUIRED_FIELD_MISSING', `Required field is missing: ${missing}`);
  }
  const label = textOf(metadata, 'label') ?? name;
  const nameField = readNameField(metadata);
  const def = object(
    name,
    place.keyPrefix,
    [
      idField('Record ID'),
      owner(['Group', 'User']),
      isDeleted,
      text('Name', nameField.label, 80, {
        nillable: false,
        defaulted: true,
        nameField: true,
        idLookup: true,
        ...(nameField.numbered ? { createable: false, updateable: false } : {}),
      }),
      ...audit,
      ...viewed,
    ],
    {
      label,
      labelPlural: textOf(metadata, 'pluralLabel') ?? label,
      custom: true,
      inProfile: false,
      toolingId: place.toolingId,
      nameFormat: nameField.format,
    },
  );
  return place.multiCurrency ? withCurrency(def) : def;
}

function readNameField(metadata: Metadata): { label: string; numbered: boolean; format: string | null } {
  const part = partOf(metadata, 'nameField');
  const type = part && textOf(part, 'type');
  if (part === undefined || (type !== 'Text' && type !== 'AutoNumber')) {
    throw new SaveFault('FIELD_INTEGRITY_EXCEPTION', 'Must specify a nameField of type Text or AutoNumber');
  }
  const numbered = type === 'AutoNumber';
  const format = numbered ? (textOf(part, 'displayFormat') ?? '{0}') : null;
  return { label: textOf(part, 'label') ?? 'Name', numbered, format };
}
