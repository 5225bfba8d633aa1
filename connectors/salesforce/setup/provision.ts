/**
 * Makes the fields and objects exist that the hub writes, and visible to the user it signs in as. Looking comes
 * first and is all that happens without `apply`; whatever exists is left as it is.
 */
import type { Context } from '../../../src/connector/contract/context.ts';
import type { FieldSpec, ProvisionStep } from '../../../src/connector/contract/fields.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { SalesforceConfig } from '../config.ts';
import { connect } from '../wire/connection.ts';
import { ownUser } from '../wire/record.ts';
import { createMissing } from './create.ts';
import { asStep, look } from './plan.ts';

export async function provision(
  ctx: Context<SalesforceConfig>,
  wanted: readonly FieldSpec[],
  options: { apply: boolean },
): Promise<ProvisionStep[]> {
  const connection = connect(ctx);
  const user = await ownUser(ctx);
  if (user === null)
    throw new Fault('unauthorized', 'Salesforce did not say which user the hub is', { code: 'NO_USER' });
  const plan = await look(connection, wanted, user);
  if (options.apply) return createMissing(connection, plan);
  const { objects, fields, set, grants, assignment } = plan;
  return [...objects, ...fields, set, ...grants, assignment].map(asStep);
}
