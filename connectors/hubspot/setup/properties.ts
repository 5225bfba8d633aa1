/** The properties of an object as HubSpot describes them. */
import { z } from 'zod';
import type { FieldDescription } from '../../../src/connector/contract/fields.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { batchSchema, shaped } from '../wire/shapes.ts';
import { fieldTypeOf } from './field-types.ts';

const optionSchema = z.looseObject({
  label: z.string(),
  value: z.string(),
  hidden: z.boolean().default(false),
  displayOrder: z.number().nullish(),
  description: z.string().nullish(),
});

const propertySchema = z.looseObject({
  name: z.string(),
  label: z.string().default(''),
  type: z.string(),
  fieldType: z.string(),
  hasUniqueValue: z.boolean().default(false),
  calculated: z.boolean().default(false),
  /** Its options are kept elsewhere (owners, stages of pipelines) and need not be listed in full. */
  externalOptions: z.boolean().default(false),
  /** May be absent. */
  archived: z.boolean().default(false),
  options: z.array(optionSchema).default([]),
  modificationMetadata: z.looseObject({ readOnlyValue: z.boolean().default(false) }).optional(),
});
export type Property = z.infer<typeof propertySchema>;

/** All properties of an object that are not archived. */
export async function readProperties(ctx: HubSpotContext, object: string): Promise<Property[]> {
  const answer = await ask(ctx, build.properties.getAll(object, false));
  const what = `the properties of ${object}`;
  const { results } = shaped(batchSchema, answer.json(), what);
  return shaped(z.array(propertySchema), results, what).filter(({ archived }) => !archived);
}

/** Streams that are no CRM objects have no properties at HubSpot; these are the fields of their rows. */
const fixed: Readonly<Record<string, string>> = {
  owners: 'id email firstName lastName userId type archived createdAt updatedAt',
  pipelines: 'id label displayOrder metadata archived pipeline createdAt updatedAt',
  forms: 'conversionId submittedAt values pageUrl form',
};

export async function describe(ctx: HubSpotContext, object: string): Promise<FieldDescription[]> {
  const names = fixed[object]?.split(' ');
  if (names !== undefined)
    return names.map((name) => ({ name, label: name, type: 'other', readable: true, writable: false }));
  return (await readProperties(ctx, object)).map(descriptionOf);
}

function descriptionOf(property: Property): FieldDescription {
  const readOnly = property.calculated || property.modificationMetadata?.readOnlyValue === true;
  const options = property.options.map(({ value }) => value);
  return {
    name: property.name,
    label: property.label || property.name,
    type: fieldTypeOf(property),
    readable: true,
    writable: !readOnly,
    ...(property.hasUniqueValue ? { unique: true } : {}),
    ...(options.length > 0 ? { options } : {}),
    // A value that is not an option is refused (Properties API guide), no matter who writes it.
    ...(property.type === 'enumeration' && !property.externalOptions ? { restricted: true } : {}),
  };
}
