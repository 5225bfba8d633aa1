/** `provision:` — fields that the hub makes exist in a CRM, in the words of the connector contract. */
import type { FieldKind } from '../../canonical/model.ts';
import type { FieldSpec, FieldType } from '../../connector/contract/fields.ts';
import type { FieldEntry, ProvisionEntry } from '../language/schema.ts';

/** What holds a canonical kind unless the admin says otherwise. */
const typeOf: Readonly<Record<FieldKind, FieldType>> = {
  text: 'text',
  email: 'email',
  phone: 'phone',
  url: 'url',
  number: 'number',
  money: 'money',
  boolean: 'boolean',
  time: 'time',
  date: 'date',
  list: 'multipicklist',
};

/** Long enough for any id that the hub makes (32 digits), with room. */
const idLength = 64;

export function fieldSpec(
  object: string,
  field: { vendor: string; kind: FieldKind },
  entry: FieldEntry,
): FieldSpec {
  const { type, ...details } = entry.provision ?? { label: field.vendor };
  return { object, name: field.vendor, type: type ?? typeOf[field.kind], ...present(details) };
}

export function externalIdSpec(
  object: string,
  name: string,
  { type, ...details }: ProvisionEntry,
): FieldSpec {
  return { object, name, type: type ?? 'text', unique: true, length: idLength, ...present(details) };
}

export function referenceSpec(
  object: string,
  name: string,
  to: string,
  { type: _, ...details }: ProvisionEntry,
): FieldSpec {
  return { object, name, type: 'reference', to, ...present(details) };
}

type Details = Omit<ProvisionEntry, 'type'>;

/** Without the members that are not there: the contract tells absent from undefined. */
function present({
  label,
  help,
  length,
  precision,
  scale,
  options,
}: Details): Omit<FieldSpec, 'object' | 'name' | 'type'> {
  return {
    label,
    ...(help === undefined ? {} : { help }),
    ...(length === undefined ? {} : { length }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
    ...(options === undefined ? {} : { options }),
  };
}
