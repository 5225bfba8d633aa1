/** HubSpot's allowances: a rolling ten seconds for most calls, one second for searches, and the day. */
import type { Limits, Usage } from '../../../src/connector/contract/limits.ts';
import type { HttpResponse } from '../../../src/connector/http.ts';
import type { HubSpotConfig } from '../config.ts';

export function limitsOf(config: HubSpotConfig): Limits {
  return {
    pools: {
      default: { requests: config.requestsPerTenSeconds, perMs: 10_000, concurrency: 8 },
      search: { requests: config.searchesPerSecond, perMs: 1_000, concurrency: 4 },
    },
    ...(config.dailyRequests === undefined ? {} : { daily: { calls: config.dailyRequests } }),
    reserve: config.reserve,
    usage: usageOf,
  };
}

const prefix = 'x-hubspot-ratelimit';

/** Search answers carry the pair of the day only; answers to OAuth apps all but that pair. */
function usageOf({ headers }: HttpResponse): Usage | null {
  const day = pair(headers, `${prefix}-daily`, `${prefix}-daily-remaining`);
  const rolling = pair(headers, `${prefix}-max`, `${prefix}-remaining`);
  const perMs = Number(headers[`${prefix}-interval-milliseconds`] ?? Number.NaN);
  if (day === null && rolling === null) return null;
  return {
    ...(day === null ? {} : { daily: { limit: day.limit, used: day.limit - day.remaining } }),
    ...(rolling === null || !(perMs > 0) ? {} : { window: { pool: 'default', ...rolling, perMs } }),
  };
}

function pair(headers: HttpResponse['headers'], limitName: string, remainingName: string) {
  const limit = Number(headers[limitName] ?? Number.NaN);
  const remaining = Number(headers[remainingName] ?? Number.NaN);
  return Number.isFinite(limit) && Number.isFinite(remaining) ? { limit, remaining } : null;
}
