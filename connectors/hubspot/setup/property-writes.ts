/** Creating property groups and properties, and adding options. Every one of these may be repeated. */
import type { FieldSpec, ProvisionStep } from '../../../src/connector/contract/fields.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { contextOf, readError, type VendorError } from '../wire/errors.ts';
import { toFault } from '../wire/fault.ts';
import { halves, isolate } from '../wire/isolate.ts';
import { batchSchema, shaped } from '../wire/shapes.ts';
import { kindOf } from './field-types.ts';
import type { Property } from './properties.ts';

/** The property group that holds what the hub makes. */
export const groupName = 'connector_hub';

const batchSize = 100;

export async function hasGroup(ctx: HubSpotContext, object: string): Promise<boolean> {
  const answer = await ask(ctx, build.groups.getAll(object));
  const { results } = shaped(batchSchema, answer.json(), `the property groups of ${object}`);
  return results.some(({ name }) => name === groupName);
}

/** `exists`: made meanwhile, or by this very request, whose answer was lost. */
export async function createGroup(ctx: HubSpotContext, object: string): Promise<'created' | 'exists'> {
  try {
    await ask(
      ctx,
      build.groups.create(object, { name: groupName, label: 'Connector hub', displayOrder: -1 }),
    );
    return 'created';
  } catch (error) {
    if (error instanceof Fault && error.kind === 'conflict') return 'exists';
    throw error;
  }
}

export type Created = Extract<ProvisionStep['status'], 'created' | 'exists'>;

/** By spec: whether it was made, was there already, or why HubSpot refuses it. Throws on an outage. */
export async function createProperties(
  ctx: HubSpotContext,
  object: string,
  specs: readonly FieldSpec[],
): Promise<Map<FieldSpec, Created | Fault>> {
  const all = new Map<FieldSpec, Created | Fault>();
  for (let start = 0; start < specs.length; start += batchSize) {
    const results = await isolate<FieldSpec, Created>(specs.slice(start, start + batchSize), {
      attempt: (group) => createBatch(ctx, object, group),
      split: (group) => ({ condemned: [], groups: halves(group) }),
    });
    for (const [spec, result] of results) all.set(spec, verdict(result));
  }
  return all;
}

function verdict(result: Created | Fault): Created | Fault {
  if (!(result instanceof Fault)) return result;
  if (result.kind === 'conflict') return 'exists';
  if (result.kind === 'rejected') return result;
  throw result;
}

async function createBatch(ctx: HubSpotContext, object: string, group: readonly FieldSpec[]) {
  const answer = await ask(ctx, build.propertyBatch.create(object, { inputs: group.map(inputOf) }));
  const { results, errors } = shaped(batchSchema, answer.json(), `the new properties of ${object}`);
  const decided = new Map<FieldSpec, Created | Fault>();
  for (const spec of group) {
    const error = errors
      .map(readError)
      .find((one) => one !== null && (group.length === 1 || isAbout(one, spec)));
    if (results.some(({ name }) => name === spec.name)) decided.set(spec, 'created');
    else if (error) decided.set(spec, toFault({ error }));
  }
  return decided;
}

function isAbout(error: VendorError, { name }: FieldSpec): boolean {
  const named = [...contextOf(error, 'name'), ...contextOf(error, 'propertyName')];
  return named.length > 0 ? named.includes(name) : new RegExp(`\\b${name}\\b`).test(error.message);
}

function inputOf(spec: FieldSpec) {
  const options = optionsOf(spec);
  return {
    ...kindOf[spec.type],
    name: spec.name,
    label: spec.label,
    groupName,
    ...(spec.help === undefined ? {} : { description: spec.help }),
    ...(spec.unique ? { hasUniqueValue: true } : {}),
    ...(options.length > 0 ? { options } : {}),
  };
}

/** Dated versions demand a display order. A boolean needs exactly these two values. */
function optionsOf({ type, options = [] }: FieldSpec) {
  const pairs =
    type === 'boolean'
      ? [
          ['true', 'Yes'],
          ['false', 'No'],
        ]
      : options.map((value) => [value, value]);
  return pairs.map(([value = '', label = ''], displayOrder) => ({
    value,
    label,
    displayOrder,
    hidden: false,
  }));
}

/** A write of options replaces the list, so what is there goes along. */
export async function extendOptions(
  ctx: HubSpotContext,
  object: string,
  { name, options: present }: Property,
  values: readonly string[],
): Promise<void> {
  const kept = present.map(({ value, label, hidden, displayOrder, description }, index) => ({
    value,
    label,
    hidden,
    displayOrder: displayOrder ?? index,
    ...(description ? { description } : {}),
  }));
  const added = values.map((value, index) => ({
    value,
    label: value,
    hidden: false,
    displayOrder: kept.length + index,
  }));
  await ask(ctx, build.properties.update(object, name, { options: [...kept, ...added] }));
}
