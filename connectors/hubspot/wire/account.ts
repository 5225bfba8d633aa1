/** The account itself: its id, its currency, its time zone. */
import { z } from 'zod';
import type { OwnCurrency } from '../../../src/connector/contract/sign-in.ts';
import { type HubSpotContext, send } from './client.ts';
import { shaped } from './shapes.ts';

const accountSchema = z.looseObject({
  portalId: z.coerce.string(),
  companyCurrency: z.string().optional(),
  additionalCurrencies: z.array(z.string()).default([]),
  timeZone: z.string().optional(),
  /** Accounts in Europe have pages of their own: `app-eu1.hubspot.com`. */
  uiDomain: z.string().optional(),
});
export type Account = z.infer<typeof accountSchema>;

/** https://developers.hubspot.com/docs/api-reference/legacy/account/account-information/guide */
export async function readAccount(ctx: HubSpotContext): Promise<Account> {
  const answer = await send(ctx, { method: 'GET', url: '/account-info/v3/details' });
  return shaped(accountSchema, answer.json(), 'the account');
}

/** Amounts without a currency of their own are in the company currency. */
export async function currency(ctx: HubSpotContext): Promise<OwnCurrency> {
  const { companyCurrency = null, additionalCurrencies } = await readAccount(ctx);
  return { code: companyCurrency, several: additionalCurrencies.length > 0 };
}
