/** How much the hub may ask of an org. */
import type { Limits, Usage } from '../../../src/connector/contract/limits.ts';
import type { HttpResponse } from '../../../src/connector/http.ts';
import type { SalesforceConfig } from '../config.ts';

const everybodys: ReadonlySet<string> = new Set(['login.salesforce.com', 'test.salesforce.com']);

/**
 * Salesforce counts calls per rolling 24 hours and long calls at once (25, in a developer org 5), not calls per
 * second; the rate here only keeps a runaway loop from spending the day in an hour.
 */
export function limits(config: SalesforceConfig): Limits {
  const { hostname } = new URL(config.loginUrl);
  return {
    // One address for everybody says nothing of the org.
    ...(everybodys.has(hostname) ? {} : { account: hostname }),
    pools: { default: { requests: 100, perMs: 1_000, concurrency: 5 } },
    reserve: config.reserve,
    usage: usageIn,
  };
}

/** `Sforce-Limit-Info: api-usage=4147/15000`, sometimes followed by `per-app-api-usage=17/250(appName=…)`. */
function usageIn(answer: HttpResponse): Usage | null {
  const [, used, limit] =
    /(?<![\w-])api-usage=(\d+)\/(\d+)/.exec(answer.headers['sforce-limit-info'] ?? '') ?? [];
  return used === undefined ? null : { daily: { used: Number(used), limit: Number(limit) } };
}
