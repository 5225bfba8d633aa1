/** The shape of a mapping file, as data. `mappings/README.md` teaches it; `compile.ts` gives it meaning. */
import { z } from 'zod';
import { eventTypes } from '../../canonical/events.ts';
import { entityKinds } from '../../canonical/model.ts';
import { isPath } from './path.ts';

const path = z.string().refine(isPath, { error: 'is not a field name or path' });
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const fieldKinds = [
  'text',
  'email',
  'phone',
  'url',
  'number',
  'money',
  'boolean',
  'time',
  'date',
  'list',
] as const;

const oneTransform = z.union([z.string(), z.record(z.string(), z.unknown())]);
const transformsSchema = z.union([oneTransform, z.array(oneTransform)]);

/** Vendor value → canonical value, written out or the name of one of the file's `tables`. */
const tableSchema = z.record(z.string(), scalar);
const tableRef = z.union([z.string(), tableSchema]);

/** All of a map's lines must hold; of a list of maps, one. */
const expected = z.union([
  scalar,
  z.array(scalar),
  z.strictObject({ not: z.union([scalar, z.array(scalar)]) }),
  z.strictObject({ differs: path }),
]);
const conditionSchema = z.record(path, expected);
const whenSchema = z.union([conditionSchema, z.array(conditionSchema)]);

const provisionSchema = z.strictObject({
  label: z.string(),
  type: z
    .enum([
      'text',
      'longtext',
      'number',
      'money',
      'percent',
      'boolean',
      'date',
      'time',
      'email',
      'phone',
      'url',
      'picklist',
      'multipicklist',
      'reference',
    ])
    .optional(),
  help: z.string().optional(),
  length: z.int().positive().optional(),
  precision: z.int().positive().optional(),
  scale: z.int().min(0).optional(),
  options: z.array(z.string()).optional(),
  /** For analysts: made only when asked for, and written where it is there. */
  detail: z.boolean().optional(),
});

/** Read where the field itself is blank. */
const fallbackSchema = z.strictObject({
  field: path,
  as: transformsSchema.optional(),
  table: tableRef.optional(),
});

const fieldEntrySchema = z.strictObject({
  field: path,
  as: transformsSchema.optional(),
  or: z.union([path, fallbackSchema]).optional(),
  kind: z.enum(fieldKinds).optional(),
  table: tableRef.optional(),
  rule: z.string().optional(),
  blanks: z.enum(['keep', 'clear']).optional(),
  when: whenSchema.optional(),
  silent: z.boolean().optional(),
  provision: provisionSchema.optional(),
});

const valueEntrySchema = z.strictObject({
  field: path,
  as: transformsSchema.optional(),
  table: tableRef.optional(),
  otherwise: scalar.optional(),
});
const valueSchema = z.union([path, valueEntrySchema, z.strictObject({ value: scalar })]);

const keySourceSchema = z.strictObject({
  field: path,
  as: transformsSchema.optional(),
  /** Only values that start so: ids of Salesforce tell their object by the first three characters. */
  prefix: z.string().optional(),
  /** Several keys in one text: `101;102`, or `101:1650000;102:1660000` with `before: ':'`. */
  split: z.string().optional(),
  before: z.string().optional(),
  /** Whose ids these are, where they are not the connection's own: a system, or a shared space of any name. */
  space: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes')
    .optional(),
  when: whenSchema.optional(),
});
const oneKey = z.union([path, keySourceSchema]);
const keysSchema = z.record(z.string(), z.union([oneKey, z.array(oneKey)]));

export const relationTypes = [
  'deal-person',
  'person-organization',
  'deal-organization',
  'campaign-person',
  'touch-deal',
] as const;

const relationSchema = z.strictObject({
  type: z.enum(relationTypes),
  each: path.optional(),
  from: keysSchema.optional(),
  to: keysSchema,
  /** `ignore`: values that say nothing, such as HubSpot's names for unlabelled associations. */
  role: z.union([path, z.strictObject({ field: path, ignore: z.array(z.string()) })]).optional(),
  primary: whenSchema.optional(),
});

const momentSchema = z.union([path, z.strictObject({ changed: path })]);

const eventSchema = z.strictObject({
  type: z.enum(eventTypes),
  /** One event per change of this field that the vendor remembers, at the time of the change unless `at` says otherwise. */
  history: path.optional(),
  when: whenSchema.optional(),
  at: z.union([momentSchema, z.array(momentSchema)]).optional(),
  subject: keysSchema.optional(),
  page: path.optional(),
  referrer: path.optional(),
  onlyTagged: z.boolean().optional(),
  channel: z.union([z.string(), valueEntrySchema]).optional(),
  data: z.record(z.string(), valueSchema).optional(),
});

const createSchema = z.strictObject({
  when: whenSchema,
  unless: z.array(z.string()).default([]),
  send: z.array(z.string()).default([]),
  defaults: z.record(z.string(), scalar).default({}),
});

const referenceSchema = z.strictObject({
  /** Of several objects the first that has the record is named. */
  to: z.union([z.string(), z.array(z.string()).min(1)]),
  from: z.string(),
  /** Tied by an association of this name in place of a field. */
  as: z.literal('association').optional(),
  provision: provisionSchema.optional(),
});

const sectionSchema = z.strictObject({
  entity: z.enum(entityKinds).optional(),
  /** Instead of the file's. */
  root: z.string().optional(),
  /** Records are facts that never change: their values are as old as they are. */
  immutable: z.boolean().optional(),
  when: whenSchema.optional(),
  match: keysSchema.optional(),
  /** Fields of `match` whose past values the system is asked for, too, so that they count for deals closed then. */
  past: z.array(path).optional(),
  fields: z.record(z.string(), z.union([path, fieldEntrySchema])).optional(),
  externalId: z
    .union([z.string(), z.strictObject({ field: z.string(), provision: provisionSchema })])
    .optional(),
  create: createSchema.optional(),
  onWithdraw: z.enum(['delete']).optional(),
  readOnly: whenSchema.optional(),
  /** Of a deal: whose people are its when its records name none. */
  people: z.enum(['roles, else account', 'roles']).optional(),
  references: z.record(z.string(), referenceSchema).optional(),
  relations: z.array(relationSchema).optional(),
  events: z.array(eventSchema).optional(),
  /** Events that this object of the system is told of, once each. */
  sends: z.array(z.enum(eventTypes)).optional(),
  /** `connected`: nothing that took place before the hub first met the connection. */
  since: z.enum(['connected', 'beginning']).optional(),
  /** What is sent of an event, by the system's own names. */
  body: z.record(z.string(), z.union([z.string(), z.strictObject({ value: scalar })])).optional(),
});

export const mappingFileSchema = z.strictObject({
  system: z.string(),
  /** Where a record keeps its fields: `properties` at HubSpot; empty when they stand at the top. */
  root: z.string().default(''),
  /** Where a record keeps past values of its fields, each a list of `{ value, timestamp }`; empty: nowhere. */
  history: z.string().default(''),
  /** `text`: the system holds every value as text. */
  values: z.enum(['json', 'text']).default('json'),
  defaults: z
    .strictObject({
      country: z.string().optional(),
      currency: z.string().optional(),
      timeZone: z.string().optional(),
      blank: z.array(z.string()).optional(),
    })
    .prefault({}),
  tables: z.record(z.string(), tableSchema).default({}),
  objects: z.record(z.string(), z.union([sectionSchema, z.array(sectionSchema)])),
});

export type MappingFile = z.infer<typeof mappingFileSchema>;
export type Section = z.infer<typeof sectionSchema>;
export type FieldEntry = z.infer<typeof fieldEntrySchema>;
export type ValueEntry = z.infer<typeof valueSchema>;
export type KeysEntry = z.infer<typeof keysSchema>;
export type KeySource = z.infer<typeof oneKey>;
export type RelationEntry = z.infer<typeof relationSchema>;
export type EventEntry = z.infer<typeof eventSchema>;
export type MomentEntry = z.infer<typeof momentSchema>;
export type When = z.infer<typeof whenSchema>;
export type Expected = z.infer<typeof expected>;
export type Transforms = z.infer<typeof transformsSchema>;
export type TableRef = z.infer<typeof tableRef>;
export type ProvisionEntry = z.infer<typeof provisionSchema>;

/** Every word that means something as a key, for "did you mean". */
export const languageWords: readonly string[] = [
  ...Object.keys(mappingFileSchema.shape),
  ...Object.keys(sectionSchema.shape),
  ...Object.keys(fieldEntrySchema.shape),
  ...Object.keys(valueEntrySchema.shape),
  ...Object.keys(keySourceSchema.shape),
  ...Object.keys(relationSchema.shape),
  ...Object.keys(eventSchema.shape),
  ...Object.keys(createSchema.shape),
  ...Object.keys(provisionSchema.shape),
  'country',
  'currency',
  'timeZone',
  'blank',
  'changed',
  'ignore',
  'value',
  'not',
  'differs',
];
