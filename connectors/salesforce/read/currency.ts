/** The org's own currency. */
import type { Context } from '../../../src/connector/contract/context.ts';
import type { OwnCurrency } from '../../../src/connector/contract/sign-in.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { SalesforceConfig } from '../config.ts';
import { connect, type HubConnection } from '../wire/connection.ts';
import { query } from '../wire/query.ts';
import { select } from '../wire/soql.ts';

/**
 * CurrencyType exists only where several currencies are switched on; elsewhere the company's settings say it.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_currencytype.htm
 */
export async function currency(ctx: Context<SalesforceConfig>): Promise<OwnCurrency> {
  const connection = connect(ctx);
  const types = await rowsIfAny(connection, {
    fields: ['IsoCode'],
    from: 'CurrencyType',
    where: 'IsCorporate = true',
  });
  if (types !== null) return { code: textOf(types[0]?.IsoCode), several: true };
  const org = await rowsIfAny(connection, { fields: ['DefaultCurrencyIsoCode'], from: 'Organization' });
  return { code: textOf(org?.[0]?.DefaultCurrencyIsoCode), several: false };
}

/** Null where the object or the field does not exist in this org. */
async function rowsIfAny(
  connection: HubConnection,
  wanted: Parameters<typeof select>[0],
): Promise<JsonObject[] | null> {
  try {
    return await query(connection, select(wanted));
  } catch (error) {
    const isAbsent = error instanceof Fault && ['INVALID_TYPE', 'INVALID_FIELD'].includes(error.code ?? '');
    if (isAbsent) return null;
    throw error;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
