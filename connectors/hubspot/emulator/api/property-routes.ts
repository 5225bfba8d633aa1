import { z } from 'zod';
import type { LoopbackAnswer } from '../../../../src/emulator/loopback.ts';
import { iso } from '../../../../src/support/clock.ts';
import { invalid, notFound, Refusal } from '../state/refusal.ts';
import type { Property, Schema } from '../state/schema.ts';
import { assertBatchSize, type BatchError, batchAnswer, batchError } from './batch.ts';
import { type Call, flagParam, param, readBody, tableOf } from './call.ts';

const mostPerBatch = 100;

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
const draftBody = z.object({
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
const changeBody = draftBody.omit({ name: true, hasUniqueValue: true }).partial();
const createBatchBody = z.object({ inputs: z.array(draftBody) });
const namesBody = z.object({
  archived: z.boolean().default(false),
  inputs: z.array(z.object({ name: z.string() })),
});
const groupBody = z.object({
  name: z.string(),
  label: z.string(),
  displayOrder: z.number().int().default(-1),
});

type DraftBody = z.output<typeof draftBody>;
type ChangeBody = z.output<typeof changeBody>;

const schemaOf = (call: Call): Schema => tableOf(call).schema;

export function listProperties(call: Call): LoopbackAnswer {
  return {
    status: 200,
    json: { results: schemaOf(call).list(flagParam(call, 'archived')).map(propertyJson) },
  };
}

export function readProperty(call: Call): LoopbackAnswer {
  const schema = schemaOf(call);
  const name = param(call, 'name');
  const property = flagParam(call, 'archived') ? schema.findArchived(name) : schema.find(name);
  if (!property) throw notFound(`Property "${name}" does not exist.`);
  return { status: 200, json: propertyJson(property) };
}

export function createProperty(call: Call): LoopbackAnswer {
  return { status: 201, json: propertyJson(create(call, readBody(call, draftBody))) };
}

export function createProperties(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, createBatchBody);
  assertBatchSize(inputs, mostPerBatch);
  return eachOf(call, 201, inputs, (input) => propertyJson(create(call, input)));
}

export function readProperties(call: Call): LoopbackAnswer {
  const schema = schemaOf(call);
  const { inputs, archived } = readBody(call, namesBody);
  assertBatchSize(inputs, mostPerBatch);
  return eachOf(call, 200, inputs, ({ name }) => {
    const property = archived ? schema.findArchived(name) : schema.find(name);
    if (property) return propertyJson(property);
    throw notFound(`Property "${name}" does not exist.`);
  });
}

export function updateProperty(call: Call): LoopbackAnswer {
  const schema = schemaOf(call);
  const name = param(call, 'name');
  const before = schema.find(name);
  if (!before) throw notFound(`Property "${name}" does not exist.`);
  const change = readBody(call, changeBody);
  assertKind({ ...before, ...change }, call);
  return { status: 200, json: propertyJson(schema.update(name, withOptions(change))) };
}

export function archiveProperty(call: Call): LoopbackAnswer {
  const schema = schemaOf(call);
  const name = param(call, 'name');
  if (schema.find(name)?.hubspotDefined)
    throw invalid(`Property "${name}" is defined by HubSpot and cannot be archived.`);
  schema.archive(name);
  return { status: 204 };
}

export function archiveProperties(call: Call): LoopbackAnswer {
  const { inputs } = readBody(call, namesBody);
  assertBatchSize(inputs, mostPerBatch);
  for (const { name } of inputs) if (schemaOf(call).find(name)) schemaOf(call).archive(name);
  return { status: 204 };
}

export function listGroups(call: Call): LoopbackAnswer {
  return { status: 200, json: { results: schemaOf(call).groups() } };
}

export function readGroup(call: Call): LoopbackAnswer {
  return { status: 200, json: schemaOf(call).findGroup(param(call, 'name')) };
}

export function createGroup(call: Call): LoopbackAnswer {
  return { status: 201, json: schemaOf(call).createGroup(readBody(call, groupBody)) };
}

export function archiveGroup(call: Call): LoopbackAnswer {
  schemaOf(call).archiveGroup(param(call, 'name'));
  return { status: 204 };
}

// ---------------------------------------------------------------------------------------- one property

function create(call: Call, draft: DraftBody): Property {
  assertKind(draft, call);
  const needsOptions = draft.type === 'enumeration' || draft.type === 'bool';
  if (needsOptions && !draft.options?.length)
    throw invalid(`Property "${draft.name}" of type ${draft.type} needs options.`);
  return schemaOf(call).create(withOptions(draft));
}

interface Kind {
  readonly type?: string | undefined;
  readonly fieldType?: string | undefined;
  readonly options?:
    | readonly { readonly value: string; readonly displayOrder?: number | undefined }[]
    | null
    | undefined;
}

function assertKind({ type = '', fieldType = '', options }: Kind, { family }: Call): void {
  const allowed = fieldTypes[type];
  if (!allowed)
    throw invalid(`${type} is not a valid property type: [${Object.keys(fieldTypes).join(', ')}]`);
  if (!allowed.includes(fieldType))
    throw invalid(`${fieldType} is not a valid field type of ${type}: [${allowed.join(', ')}]`);
  const values = options?.map(({ value }) => value) ?? [];
  if (type === 'bool' && values.some((value) => value !== 'true' && value !== 'false')) {
    throw invalid('The options of a bool property must be true and false', {
      errors: [{ message: 'options must be true and false', code: 'INVALID_BOOLEAN_OPTION' }],
    });
  }
  const ordered = options?.every(({ displayOrder }) => displayOrder !== undefined) ?? true;
  if (family === '2026-09' && !ordered) throw invalid('displayOrder of an option is required');
}

function withOptions<T extends ChangeBody>({ options, ...rest }: T) {
  const listed = options?.map((option, index) => ({ ...option, displayOrder: option.displayOrder ?? index }));
  return defined({ ...rest, ...(listed === undefined ? {} : { options: listed }) });
}

/** Drops the members that were not sent, so that they do not overwrite anything. */
function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const sent = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(sent) as { [K in keyof T]: Exclude<T[K], undefined> };
}

function eachOf<T>(
  call: Call,
  success: 200 | 201,
  inputs: readonly T[],
  make: (input: T) => object,
): LoopbackAnswer {
  const results: object[] = [];
  const errors: BatchError[] = [];
  for (const input of inputs) {
    try {
      results.push(make(input));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      errors.push(batchError(error));
    }
  }
  return batchAnswer(call.portal, success, results, errors);
}

/** `archived` is missing from HubSpot's own properties, as in recordings. */
function propertyJson(property: Property): object {
  const { createdAt, updatedAt, archivedAt, usableFrom: _, readOnly, ...definition } = property;
  const { hubspotDefined, ...told } = definition;
  return {
    ...(hubspotDefined ? { hubspotDefined } : { createdAt: iso(createdAt), updatedAt: iso(updatedAt) }),
    ...told,
    ...(hubspotDefined ? {} : { archived: archivedAt !== null }),
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
