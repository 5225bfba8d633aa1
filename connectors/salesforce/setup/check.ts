/** Proves the sign-in, and names what the hub's user may not read. */
import { z } from 'zod';
import type { Context } from '../../../src/connector/contract/context.ts';
import type { CheckResult } from '../../../src/connector/contract/sign-in.ts';
import type { SalesforceConfig } from '../config.ts';
import { connect } from '../wire/connection.ts';
import { expected } from '../wire/faults.ts';
import { pulledObjects } from '../wire/objects.ts';
import { query } from '../wire/query.ts';
import { ownUser } from '../wire/record.ts';
import { quoted, select } from '../wire/soql.ts';

const everything = z.object({ sobjects: z.array(z.object({ name: z.string(), queryable: z.boolean() })) });

export async function check(ctx: Context<SalesforceConfig>): Promise<CheckResult> {
  const connection = connect(ctx);
  const [organization] = await query(connection, select({ fields: ['Id', 'Name'], from: 'Organization' }));
  const user = (await ownUser(ctx)) ?? '';
  const fields = ['Id', 'Username'];
  const [own] = await query(connection, select({ fields, from: 'User', where: `Id = ${quoted(user)}` }));
  const { sobjects } = expected(everything, await connection.describeGlobal(), 'list of objects');
  const readable = new Set(sobjects.filter(({ queryable }) => queryable).map(({ name }) => name));
  return {
    account: `${organization?.Name ?? 'an org without a name'} (${organization?.Id ?? ''}) as ${own?.Username ?? user}`,
    missingPermissions: Object.keys(pulledObjects)
      .filter((object) => !readable.has(object))
      .map((object) => `read ${object}`),
  };
}
