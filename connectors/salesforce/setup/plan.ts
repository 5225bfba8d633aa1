/** What provisioning would do: reads only. */
import type { FieldSpec, ProvisionStep } from '../../../src/connector/contract/fields.ts';
import type { HubConnection } from '../wire/connection.ts';
import { describeIfVisible } from '../wire/describe.ts';
import { isCustomObject } from './metadata.ts';
import {
  fieldGrant,
  type Grant,
  type Held,
  heldPermissions,
  objectGrant,
  permissionSet,
} from './permissions.ts';

export interface Plan {
  readonly user: string;
  readonly held: Held;
  readonly objects: readonly ProvisionStep[];
  readonly fields: readonly PlannedField[];
  readonly set: ProvisionStep;
  readonly grants: readonly PlannedGrant[];
  readonly assignment: ProvisionStep;
}
export type PlannedField = ProvisionStep & { readonly spec: FieldSpec };
export type PlannedGrant = ProvisionStep & { readonly grant: Grant };

/** A step without what only the plan needs. */
export function asStep({ what, name, status }: ProvisionStep): ProvisionStep {
  return { what, name, status };
}

export async function look(
  connection: HubConnection,
  wanted: readonly FieldSpec[],
  user: string,
): Promise<Plan> {
  const seen = await visibleFields(connection, new Set(wanted.map(({ object }) => object)));
  const held = await heldPermissions(connection, user);
  const custom = [...seen.keys()].filter(isCustomObject);
  const grants = [...custom.map(objectGrant), ...wanted.map(({ object, name }) => fieldGrant(object, name))];
  return {
    user,
    held,
    objects: custom.map((name) => step('object', name, seen.get(name) !== null)),
    fields: wanted.map((spec) => ({
      ...step('field', `${spec.object}.${spec.name}`, seen.get(spec.object)?.has(spec.name) ?? false),
      spec,
    })),
    set: step('permission', `permission set ${permissionSet.Name}`, held.id !== null),
    grants: grants.map((grant) => ({
      ...step('permission', `edit ${grant.name}`, held.rows.get(grant.name)?.edit ?? false),
      grant,
    })),
    assignment: step('permission', `${permissionSet.Name} assigned to the hub's user`, held.assigned),
  };
}

async function visibleFields(
  connection: HubConnection,
  objects: ReadonlySet<string>,
): Promise<Map<string, ReadonlySet<string> | null>> {
  const seen = new Map<string, ReadonlySet<string> | null>();
  for (const object of objects) {
    const fields = await describeIfVisible(connection, object);
    seen.set(object, fields === null ? null : new Set(fields.map(({ name }) => name)));
  }
  return seen;
}

function step(what: ProvisionStep['what'], name: string, exists: boolean): ProvisionStep {
  return { what, name, status: exists ? 'exists' : 'missing' };
}
