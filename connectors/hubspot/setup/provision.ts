/** Making the properties that the hub writes: planned first, created in one group per object, twice is once. */
import type { FieldSpec, ProvisionStep } from '../../../src/connector/contract/fields.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { HubSpotContext } from '../wire/client.ts';
import { kindOf } from './field-types.ts';
import { type Property, readProperties } from './properties.ts';
import {
  type Created,
  createGroup,
  createProperties,
  extendOptions,
  groupName,
  hasGroup,
} from './property-writes.ts';

/** A new property can be written to a quarter to three quarters of a second after it was made. */
const settleMs = 1_000;
const settleAttempts = 10;

export async function provision(
  ctx: HubSpotContext,
  wanted: readonly FieldSpec[],
  { apply }: { apply: boolean },
): Promise<ProvisionStep[]> {
  // Object beside object, so that new properties are waited for once.
  const groups = [...Map.groupBy(wanted, (spec) => spec.object)];
  const steps = await Promise.all(
    groups.map(([object, specs]) => provisionObject(ctx, object, specs, apply)),
  );
  return steps.flat();
}

async function provisionObject(
  ctx: HubSpotContext,
  object: string,
  specs: readonly FieldSpec[],
  apply: boolean,
): Promise<ProvisionStep[]> {
  const plans = plansOf(specs, await readProperties(ctx, object));
  const groups = await groupSteps(ctx, object, plans, apply);
  return [...groups, ...(apply ? await applied(ctx, object, plans) : plans.map(({ step }) => step))];
}

interface Plan {
  readonly spec: FieldSpec;
  readonly property: Property | undefined;
  readonly action: 'none' | 'create' | 'extend';
  readonly step: ProvisionStep;
}

function plansOf(specs: readonly FieldSpec[], properties: readonly Property[]): Plan[] {
  const byName = new Map(properties.map((property) => [property.name, property]));
  return specs.map((spec) => planOf(spec, byName.get(spec.name)));
}

/** What there is to do about one property. What exists is only ever added to. */
function planOf(spec: FieldSpec, property: Property | undefined): Plan {
  if (property === undefined) return { spec, property, action: 'create', step: stepOf(spec, 'missing') };
  const misfit = misfitOf(spec, property);
  if (misfit !== null) return { spec, property, action: 'none', step: stepOf(spec, 'failed', misfit) };
  const options = missingOptions(spec, property);
  if (options.length === 0) return { spec, property, action: 'none', step: stepOf(spec, 'exists') };
  const step = stepOf(spec, 'missing', `options to add: ${options.join(', ')}`);
  return { spec, property, action: 'extend', step };
}

function stepOf(
  { object, name }: FieldSpec,
  status: ProvisionStep['status'],
  detail?: string,
): ProvisionStep {
  return { what: 'field', name: `${object}.${name}`, status, ...(detail === undefined ? {} : { detail }) };
}

function misfitOf(spec: FieldSpec, property: Property): string | null {
  const { type } = kindOf[spec.type];
  if (property.type !== type) {
    return `exists as ${property.type}, wanted as ${type}: archive it in HubSpot, or map another property`;
  }
  if (spec.unique && !property.hasUniqueValue) {
    return 'exists without unique values, which HubSpot cannot change: archive it, or map another property';
  }
  return null;
}

function missingOptions(spec: FieldSpec, { options }: Property): string[] {
  const present = new Set(options.map(({ value }) => value));
  return (spec.options ?? []).filter((value) => !present.has(value));
}

/** The group is looked at only when something is to go into it. */
async function groupSteps(
  ctx: HubSpotContext,
  object: string,
  plans: readonly Plan[],
  apply: boolean,
): Promise<ProvisionStep[]> {
  if (!plans.some(({ action }) => action === 'create')) return [];
  const step = { what: 'group', name: `${object}.${groupName}` } as const;
  if (await hasGroup(ctx, object)) return [{ ...step, status: 'exists' }];
  return [{ ...step, status: apply ? await createGroup(ctx, object) : 'missing' }];
}

async function applied(
  ctx: HubSpotContext,
  object: string,
  plans: readonly Plan[],
): Promise<ProvisionStep[]> {
  const specs = plans.filter(({ action }) => action === 'create').map(({ spec }) => spec);
  const created = await createProperties(ctx, object, specs);
  const made = specs.filter((spec) => !(created.get(spec) instanceof Fault));
  // A property that was archived comes back as it was: what it is now must fit as well.
  const seen = made.length === 0 ? [] : plansOf(made, await settled(ctx, object, made));
  const now = new Map(seen.map((plan) => [plan.spec, plan]));
  const steps: ProvisionStep[] = [];
  for (const plan of plans) {
    steps.push(await stepAfter(ctx, now.get(plan.spec) ?? plan, created.get(plan.spec)));
  }
  return steps;
}

async function stepAfter(
  ctx: HubSpotContext,
  plan: Plan,
  created: Created | Fault | undefined,
): Promise<ProvisionStep> {
  if (created instanceof Fault) return stepOf(plan.spec, 'failed', created.message);
  if (plan.action === 'extend') return extended(ctx, plan);
  return created === undefined || plan.step.status === 'failed' ? plan.step : stepOf(plan.spec, created);
}

async function extended(ctx: HubSpotContext, { spec, property }: Plan): Promise<ProvisionStep> {
  if (property === undefined) return stepOf(spec, 'missing');
  const values = missingOptions(spec, property);
  await extendOptions(ctx, spec.object, property, values);
  return stepOf(spec, 'created', `options added: ${values.join(', ')}`);
}

/** Waits until new properties can be written to; until then writes are refused with PROPERTY_DOESNT_EXIST. */
async function settled(ctx: HubSpotContext, object: string, made: readonly FieldSpec[]): Promise<Property[]> {
  for (let attempt = 0; attempt < settleAttempts; attempt += 1) {
    await ctx.clock.sleep(settleMs, ctx.signal);
    const properties = await readProperties(ctx, object);
    const names = new Set(properties.map(({ name }) => name));
    if (made.every(({ name }) => names.has(name))) return properties;
  }
  const names = made.map(({ name }) => name).join(', ');
  const words = `HubSpot created ${names} of ${object} but does not show them yet; run it again`;
  throw new Fault('unavailable', words, { code: 'PROPERTY_LAG' });
}
