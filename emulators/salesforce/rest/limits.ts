import { type ApiAnswer, type ApiCall, ok } from './call.ts';

/** Allowances that nothing here spends. */
const untouched: Readonly<Record<string, number>> = {
  ConcurrentAsyncGetReportInstances: 200,
  DailyAsyncApexExecutions: 250_000,
  DailyBulkApiBatches: 15_000,
  DailyBulkV2QueryFileStorageMB: 976_562,
  DailyDurableStreamingApiEvents: 10_000,
  DailyStandardVolumePlatformEvents: 10_000,
  DailyDeliveredPlatformEvents: 10_000,
  DailyStreamingApiEvents: 10_000,
  DailyWorkflowEmails: 1000,
  DataStorageMB: 1024,
  FileStorageMB: 1024,
  HourlyDashboardRefreshes: 200,
  MassEmail: 5000,
  SingleEmail: 5000,
};

export function limits({ api }: ApiCall): ApiAnswer {
  const { limit, used } = api.usage;
  const full = Object.entries(untouched).map(([name, most]) => [name, { Max: most, Remaining: most }]);
  return ok({
    DailyApiRequests: { Max: limit, Remaining: Math.max(0, limit - used) },
    DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 - api.jobs.list('query').length },
    ...Object.fromEntries(full),
  });
}

export function resources({ base, api }: ApiCall): ApiAnswer {
  const names = ['sobjects', 'query', 'queryAll', 'composite', 'limits', 'jobs', 'tooling'];
  const identity = `${api.url()}/id/${api.org.id}/${api.org.apiUserId}`;
  return ok({ identity, ...Object.fromEntries(names.map((name) => [name, `${base}/${name}`])) });
}

const firstVersion = 21;

/** `GET /services/data`, the only call that needs no token. */
export function versions(newest: string): object[] {
  const count = Number(newest) - firstVersion + 1;
  return Array.from({ length: count }, (_, index) => {
    const version = `${firstVersion + index}.0`;
    return { label: `API ${version}`, url: `/services/data/v${version}`, version };
  });
}
