/** Creates what a provisioning plan found missing, in the order in which one thing needs the other. */
import { MetadataApi } from 'jsforce/lib/api/metadata.js';
import type { ProvisionStep } from '../../../src/connector/contract/fields.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { HubConnection } from '../wire/connection.ts';
import { recordFault, vendorErrors } from '../wire/faults.ts';
import { recordsPerCall } from '../write/collections.ts';
import { customField, customObject } from './metadata.ts';
import { type Grant, heldPermissions, permissionSet } from './permissions.ts';
import { asStep, type Plan, type PlannedGrant } from './plan.ts';

/** Components per call of the Metadata API. */
const componentsPerCall = 10;

/** What became of one thing: null when it was made. */
type Made = Fault | null;

interface SaveResult {
  readonly success: boolean;
  readonly errors?: unknown;
}

function madeOf({ success, errors }: SaveResult): Made {
  return success ? null : recordFault(vendorErrors.catch([]).parse(errors), '');
}

export async function createMissing(connection: HubConnection, plan: Plan): Promise<ProvisionStep[]> {
  const objects = await make(plan.objects, (missing) =>
    upsert(
      connection,
      'CustomObject',
      missing.map(({ name }) => customObject(name)),
    ),
  );
  const fields = await make(plan.fields, (missing) =>
    upsert(
      connection,
      'CustomField',
      missing.map(({ spec }) => customField(spec)),
    ),
  );
  const set = await make([plan.set], () => insert(connection, 'PermissionSet', [permissionSet]));
  // Another run may have been faster; what counts is what is there now.
  const id = plan.held.id ?? (await heldPermissions(connection, plan.user)).id;
  const grants = await make(plan.grants, (missing) => grant(connection, plan, missing, id));
  const assigned = { PermissionSetId: id, AssigneeId: plan.user };
  const assignment = await make([plan.assignment], () =>
    insert(connection, 'PermissionSetAssignment', [assigned]),
  );
  return [...objects, ...fields, ...set, ...grants, ...assignment];
}

/** Steps in the order of the plan, with what became of the missing ones. */
async function make<S extends ProvisionStep>(
  steps: readonly S[],
  create: (missing: readonly S[]) => Promise<readonly Made[]>,
): Promise<ProvisionStep[]> {
  const missing = steps.filter(({ status }) => status === 'missing');
  const results = missing.length === 0 ? [] : await refusalsKept(missing, create);
  const made = new Map(missing.map((step, index) => [step, results[index] ?? null]));
  return steps.map((step) => {
    const result = made.get(step);
    if (result === undefined) return asStep(step);
    if (result === null) return { ...asStep(step), status: 'created' };
    // Someone made it meanwhile, or it was there and only invisible.
    if (result.code?.startsWith('DUPLICATE')) return { ...asStep(step), status: 'exists' };
    return { ...asStep(step), status: 'failed', detail: result.message };
  });
}

/** A refusal of the whole call is said of each step, and the later steps are still tried. */
async function refusalsKept<S>(
  missing: readonly S[],
  create: (missing: readonly S[]) => Promise<readonly Made[]>,
) {
  try {
    return await create(missing);
  } catch (error) {
    if (!(error instanceof Fault) || error.kind !== 'rejected') throw error;
    return missing.map(() => error);
  }
}

/** Upserts by full name: a component that is there already is brought to the same definition. */
async function upsert(
  connection: HubConnection,
  type: 'CustomObject' | 'CustomField',
  components: readonly (JsonObject & { readonly fullName: string })[],
): Promise<Made[]> {
  const metadata = new MetadataApi(connection);
  const made: Made[] = [];
  for (let at = 0; at < components.length; at += componentsPerCall) {
    const results = await metadata.upsert(type, components.slice(at, at + componentsPerCall));
    made.push(...results.map(madeOf));
  }
  return made;
}

/** Rows that are there but allow less are raised; the others are added. Objects come before their fields. */
async function grant(
  connection: HubConnection,
  { held }: Plan,
  steps: readonly PlannedGrant[],
  set: string | null,
): Promise<Made[]> {
  const made = new Map<Grant, Made>();
  const bySobject = Map.groupBy(
    steps.map((step) => step.grant),
    ({ sobject }) => sobject,
  );
  for (const [sobject, grants] of bySobject) {
    const weaker = grants.filter(({ name }) => held.rows.has(name));
    const raised = weaker.map(({ name }) => ({
      Id: held.rows.get(name)?.id ?? '',
      PermissionsRead: true,
      PermissionsEdit: true,
    }));
    keep(made, weaker, await inCalls(raised, (rows) => connection.update(sobject, rows)));
    const absent = grants.filter(({ name }) => !held.rows.has(name));
    const added = absent.map(({ values }) => ({ ...values, ParentId: set }));
    keep(made, absent, await inCalls(added, (rows) => connection.create(sobject, rows)));
  }
  return steps.map((step) => made.get(step.grant) ?? null);
}

function keep(made: Map<Grant, Made>, grants: readonly Grant[], results: readonly Made[]): void {
  for (const [index, one] of grants.entries()) made.set(one, results[index] ?? null);
}

function insert(connection: HubConnection, sobject: string, rows: readonly JsonObject[]): Promise<Made[]> {
  return inCalls(rows, (some) => connection.create(sobject, some));
}

async function inCalls<R>(
  rows: readonly R[],
  call: (rows: R[]) => Promise<readonly SaveResult[]>,
): Promise<Made[]> {
  const made: Made[] = [];
  for (let at = 0; at < rows.length; at += recordsPerCall) {
    const results = await call(rows.slice(at, at + recordsPerCall));
    made.push(...results.map(madeOf));
  }
  return made;
}
