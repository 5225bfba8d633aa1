/** The fields that the mapping needs at a CRM: planned, and created when the admin says so. */
import type { ProvisionStep } from '../connector/contract.ts';
import type { System } from './hub.ts';

/** Plans, and with `apply` creates, what is missing. A system that has nothing to provision has no steps. */
export async function provision(system: System, options: { apply: boolean }): Promise<ProvisionStep[]> {
  const wanted = Object.values(system.mapping.objects).flatMap((object) => object.provisions);
  if (!system.connector.fields || wanted.length === 0) return [];
  return system.connector.fields.provision(system.context, wanted, options);
}
