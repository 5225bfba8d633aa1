/** Whose account the credentials open, and what they may not read there. */
import type { CheckResult } from '../../../src/connector/contract/sign-in.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { HttpResponse } from '../../../src/connector/http.ts';
import { readAccount } from '../wire/account.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { contextOf, readError } from '../wire/errors.ts';

/** One small call per thing that the hub reads; each needs a scope of its own. */
const probes: readonly ((ctx: HubSpotContext) => Promise<HttpResponse>)[] = [
  (ctx) => ask(ctx, build.objects.getPage('companies', 1)),
  (ctx) => ask(ctx, build.objects.getPage('contacts', 1)),
  (ctx) => ask(ctx, build.objects.getPage('deals', 1)),
  (ctx) => ask(ctx, build.owners.getPage(undefined, undefined, 1)),
];

/** Throws `unauthorized` when the token is not accepted at all. */
export async function check(ctx: HubSpotContext): Promise<CheckResult> {
  const { portalId, companyCurrency, timeZone, uiDomain } = await readAccount(ctx);
  const about = [companyCurrency, timeZone].filter((one) => one !== undefined).join(', ');
  const missing = new Set<string>();
  for (const probe of probes) for (const scope of await missingScopes(() => probe(ctx))) missing.add(scope);
  return {
    account: about === '' ? `HubSpot ${portalId}` : `HubSpot ${portalId} (${about})`,
    ...(uiDomain === undefined ? {} : { site: `https://${uiDomain}/contacts/${portalId}` }),
    missingPermissions: [...missing].sort(),
  };
}

async function missingScopes(probe: () => Promise<HttpResponse>): Promise<string[]> {
  try {
    await probe();
    return [];
  } catch (error) {
    const told = error instanceof Fault && error.status === 403 ? readError(error.cause) : null;
    if (told === null) throw error;
    const scopes = contextOf(told, 'requiredGranularScopes');
    return scopes.length > 0 ? scopes : [told.message];
  }
}
