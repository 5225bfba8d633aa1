/** What a client may say about a property, and how a property is told. */
import { z } from 'zod';
import { iso } from '../../../src/support/clock.ts';
import { invalid } from '../state/refusal.ts';
import type { Property } from '../state/schema.ts';
import type { Family } from './call.ts';

/** Which field types a type may be edited with. */
const fieldTypes: Readonly<Record<string, readonly string[]>> = {
  string: ['text', 'textarea', 'html', 'phonenumber', 'file', 'calculation_equation'],
  number: ['number', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox', 'calculation_equation'],
  bool: ['booleancheckbox', 'calculation_equation'],
};

const optionBody = z.object({
  label: z.string(),
  value: z.string(),
  description: z.string().optional(),
  displayOrder: z.number().int().optional(),
  hidden: z.boolean().default(false),
});
export const draftBody = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/, 'Property names are lower case, without spaces'),
  label: z.string(),
  type: z.string(),
  fieldType: z.string(),
  groupName: z.string(),
  description: z.string().optional(),
  options: z.array(optionBody).nullish(),
  displayOrder: z.number().int().optional(),
  hasUniqueValue: z.boolean().optional(),
  hidden: z.boolean().optional(),
  formField: z.boolean().optional(),
});
/** Whether values are unique cannot be changed. */
export const changeBody = draftBody.omit({ name: true, hasUniqueValue: true }).partial();

export type DraftBody = z.output<typeof draftBody>;
type ChangeBody = z.output<typeof changeBody>;

type Kind = Pick<ChangeBody, 'type' | 'fieldType'> & {
  readonly options?: readonly OptionOrder[] | null | undefined;
};
type OptionOrder = { readonly value: string; readonly displayOrder?: number | undefined };

/** Refuses a type, an editor and options that do not go together. */
export function assertKind({ type = '', fieldType = '', options }: Kind, family: Family): void {
  const allowed = fieldTypes[type];
  if (!allowed)
    throw invalid(`${type} is not a valid property type: [${Object.keys(fieldTypes).join(', ')}]`);
  if (!allowed.includes(fieldType)) {
    throw invalid(`${fieldType} is not a valid field type of ${type}: [${allowed.join(', ')}]`);
  }
  if (type === 'enumeration' || type === 'bool') assertOptions(type, options ?? [], family);
}

/** The newest family wants each option's place said. */
function assertOptions(type: string, options: readonly OptionOrder[], family: Family): void {
  if (options.length === 0) throw invalid(`A property of type ${type} needs options.`);
  if (type === 'bool' && options.some(({ value }) => value !== 'true' && value !== 'false')) {
    const message = 'The options of a bool property must be true and false.';
    throw invalid(message, { errors: [{ message, code: 'INVALID_BOOLEAN_OPTION' }] });
  }
  const ordered = options.every(({ displayOrder }) => displayOrder !== undefined);
  if (family === '2026-09' && !ordered) throw invalid('displayOrder of an option is required.');
}

/** Options in the order given where they do not say theirs; members that were not sent are left out. */
export function withOptions<T extends ChangeBody>({ options, ...rest }: T) {
  const listed = options?.map((option, index) => ({ ...option, displayOrder: option.displayOrder ?? index }));
  return defined({ ...rest, ...(listed === undefined ? {} : { options: listed }) });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function defined<T extends object>(given: T): Defined<T> {
  const sent = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(sent) as Defined<T>;
}

/** HubSpot's own properties come without dates and without `archived`, as in recordings. */
export function propertyJson(property: Property): object {
  const { createdAt, updatedAt, archivedAt, usableFrom: _, readOnly, hubspotDefined, ...told } = property;
  const dates = { createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
  return {
    ...(hubspotDefined ? { hubspotDefined } : { ...dates, archived: archivedAt !== null }),
    ...told,
    ...(archivedAt === null ? {} : { archivedAt: iso(archivedAt) }),
    calculated: false,
    modificationMetadata: {
      archivable: !hubspotDefined,
      readOnlyDefinition: hubspotDefined,
      readOnlyValue: readOnly,
    },
    dataSensitivity: 'non_sensitive',
  };
}
