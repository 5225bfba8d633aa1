import { describe, expect, test } from 'vitest';
import { hubspotConfig } from '../../../connectors/hubspot/config.ts';
import { hubspot } from '../../../connectors/hubspot/index.ts';
import { limitsOf } from '../../../connectors/hubspot/wire/limits.ts';
import { memoryVault } from '../../../src/connector/auth.ts';
import { textResponse } from '../../../src/connector/response.ts';
import { faultOf } from '../../connector/connection.ts';
import { json, serve } from '../../connector/server.ts';
import { idsOf, openAccount, pull } from './account.ts';

const oauth = {
  accessToken: undefined,
  clientId: 'app',
  clientSecret: 'app-secret',
  refreshToken: 'first-refresh',
};

describe('settings', () => {
  test('ask for a token or a whole OAuth app', () => {
    expect(hubspotConfig.safeParse({}).success).toBe(false);
    expect(hubspotConfig.safeParse({ clientId: 'a', clientSecret: 'b' }).success).toBe(false);
    expect(hubspotConfig.safeParse({ accessToken: 'pat' }).success).toBe(true);
    expect(hubspotConfig.safeParse(oauth).success).toBe(true);
  });

  test('take any dated version, and an overlap of at least five minutes', () => {
    const versions = ['legacy', '2026-03', '2027-09', '2026-04', 'v3'];
    const accepted = (config: object) => hubspotConfig.safeParse({ accessToken: 'pat', ...config }).success;
    expect(versions.map((apiVersion) => accepted({ apiVersion }))).toEqual([true, true, true, false, false]);
    expect(accepted({ overlapMs: 1_000 })).toBe(false);
  });
});

describe('signing in', () => {
  test('refreshes by the path of the version, and keeps a new refresh token', async () => {
    const server = await serve((seen, response) => {
      if (!seen.url.startsWith('/oauth')) return json(response, { results: [] });
      return json(response, {
        access_token: 'access',
        refresh_token: 'second-refresh',
        expires_in: 1800,
        token_type: 'bearer',
      });
    });
    const vault = memoryVault();
    const account = openAccount(server.url, { ...oauth, apiVersion: '2026-03' }, { vault });
    await pull(account, 'owners');
    const [signIn, read] = server.seen;
    expect(signIn?.url).toBe('/oauth/2026-03/token');
    expect(Object.fromEntries(new URLSearchParams(signIn?.body))).toEqual({
      grant_type: 'refresh_token',
      client_id: 'app',
      client_secret: 'app-secret',
      refresh_token: 'first-refresh',
    });
    expect(read?.headers.authorization).toBe('Bearer access');
    expect(await vault.read('hubspot')).toMatchObject({
      accessToken: 'access',
      refreshToken: 'second-refresh',
      expiresAt: account.clock.now() + 1_800_000,
    });
  });

  test('falls back to the configured refresh token when the stored one is dead', async () => {
    const tried: string[] = [];
    const server = await serve((seen, response) => {
      if (!seen.url.startsWith('/oauth')) return json(response, { results: [] });
      const token = new URLSearchParams(seen.body).get('refresh_token') ?? '';
      tried.push(token);
      if (token === 'first-refresh') return json(response, { access_token: 'access', expires_in: 1800 });
      return json(
        response,
        { status: 'BAD_REFRESH_TOKEN', message: 'missing or unknown refresh token' },
        400,
      );
    });
    const vault = memoryVault();
    await vault.write('hubspot', { accessToken: 'old', refreshToken: 'stale-refresh', expiresAt: 0 });
    await pull(openAccount(server.url, oauth, { vault }), 'owners');
    expect(tried).toEqual(['stale-refresh', 'first-refresh']);
  });

  test('says to install the app again when no refresh token works', async () => {
    const server = await serve((_, response) =>
      json(response, { status: 'BAD_REFRESH_TOKEN', message: 'missing or unknown refresh token' }, 400),
    );
    const fault = await faultOf(pull(openAccount(server.url, oauth), 'owners'));
    expect(fault).toMatchObject({ kind: 'unauthorized', code: 'BAD_REFRESH_TOKEN' });
    expect(fault.message).toContain('install the app again');
    expect(server.seen).toHaveLength(1);
  });
});

describe('checking', () => {
  const details = {
    portalId: 62515,
    companyCurrency: 'EUR',
    timeZone: 'Europe/Berlin',
    accountType: 'STANDARD',
  };

  test('shows the account and names the missing scopes', async () => {
    const errors = [{ message: 'scopes', context: { requiredGranularScopes: ['crm.objects.deals.read'] } }];
    const server = await serve((seen, response) => {
      if (seen.url === '/account-info/v3/details') return json(response, details);
      if (!seen.url.includes('/deals')) return json(response, { results: [] });
      return json(response, { status: 'error', category: 'MISSING_SCOPES', message: 'scopes', errors }, 403);
    });
    expect(await hubspot.check(openAccount(server.url))).toEqual({
      account: 'HubSpot 62515 (EUR, Europe/Berlin)',
      missingPermissions: ['crm.objects.deals.read'],
    });
  });

  test('throws for a token that is not accepted', async () => {
    const server = await serve((_, response) =>
      json(
        response,
        {
          status: 'error',
          category: 'INVALID_AUTHENTICATION',
          message: 'Authentication credentials not found.',
        },
        401,
      ),
    );
    expect(await faultOf(hubspot.check(openAccount(server.url)))).toMatchObject({
      kind: 'unauthorized',
      status: 401,
    });
    expect(server.seen).toHaveLength(1);
  });
});

describe('allowances', () => {
  const limits = limitsOf(
    hubspotConfig.parse({ accessToken: 'pat', searchesPerSecond: 4, requestsPerTenSeconds: 190 }),
  );

  test('have a pool of their own for searches', () => {
    expect(limits.pools).toMatchObject({
      default: { requests: 190, perMs: 10_000 },
      search: { requests: 4, perMs: 1_000 },
    });
  });

  test('are corrected by what the answers say', () => {
    const day = { 'x-hubspot-ratelimit-daily': '250000', 'x-hubspot-ratelimit-daily-remaining': '248697' };
    const rolling = {
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      'x-hubspot-ratelimit-max': '100',
      'x-hubspot-ratelimit-remaining': '99',
    };
    const usage = (headers: Record<string, string>) =>
      limits.usage?.(textResponse(200, headers, '', 'GET /'));
    const daily = { limit: 250_000, used: 1_303 };
    expect(usage({ ...day, ...rolling })).toEqual({
      daily,
      window: { pool: 'default', limit: 100, remaining: 99, perMs: 10_000 },
    });
    expect(usage(day)).toEqual({ daily });
    expect(usage({})).toBeNull();
  });
});

describe('short lists', () => {
  const stage = {
    id: 's1',
    label: 'Won',
    displayOrder: 1,
    metadata: { isClosed: 'true', probability: '1.0' },
    updatedAt: '2026-01-01T00:00:00Z',
  };
  const pipeline = { id: 'p1', label: 'Sales', displayOrder: 0 };

  test('of stages tell only what differs, and what is gone', async () => {
    let stages = [stage, { ...stage, id: 's2', label: 'Lost' }];
    const server = await serve((_, response) => json(response, { results: [{ ...pipeline, stages }] }));
    const account = openAccount(server.url);
    const first = await pull(account, 'pipelines');
    expect(first.records[0]).toMatchObject({ id: 's1', body: { ...stage, pipeline } });
    const second = await pull(account, 'pipelines', first.checkpoint);
    stages = [{ ...stage, label: 'Closed won' }];
    const third = await pull(account, 'pipelines', second.checkpoint);
    expect(second.records).toEqual([]);
    expect(third.records.map(({ id, tombstone }) => [id, tombstone])).toEqual([
      ['s1', undefined],
      ['s2', { kind: 'deleted' }],
    ]);
    expect(server.seen).toHaveLength(3);
  });

  test('of owners are read to their last page', async () => {
    const server = await serve((seen, response) => {
      const last = seen.url.includes('after=2');
      const results = [{ id: last ? '2' : '1', email: 'a@x.org', userId: 77 }];
      json(response, last ? { results } : { results, paging: { next: { after: '2' } } });
    });
    const { records } = await pull(openAccount(server.url), 'owners');
    expect(idsOf(records)).toEqual(['1', '2']);
  });
});

describe('form submissions', () => {
  const minute = 60_000;

  async function forms(count: number) {
    const sent = new Map<
      string,
      { conversionId: string; submittedAt: number; pageUrl: string; values: object[] }[]
    >();
    const server = await serve((seen, response) => {
      const url = new URL(seen.url, 'http://crm');
      if (url.pathname.startsWith('/marketing')) {
        return json(response, { results: [...sent.keys()].map((id) => ({ id, name: `Form ${id}` })) });
      }
      const rows = (sent.get(url.pathname.split('/').at(-1) ?? '') ?? []).toSorted(
        (a, b) => b.submittedAt - a.submittedAt,
      );
      const start = Number(url.searchParams.get('after') ?? 0);
      const next = start + 50 < rows.length ? { paging: { next: { after: String(start + 50) } } } : {};
      const date = new Date(account.clock.now()).toUTCString();
      json(response, { results: rows.slice(start, start + 50), ...next }, 200, { date });
    });
    const account = openAccount(server.url);
    const submit = (form: string, at: number) => {
      const rows = sent.get(form) ?? [];
      const row = {
        conversionId: `${form}-${rows.length}`,
        submittedAt: at,
        pageUrl: 'https://x.org/?utm_source=a',
        values: [],
      };
      sent.set(form, [...rows, row]);
    };
    for (let n = 0; n < count; n += 1) submit('f1', account.clock.now() - (count - n) * minute);
    return { server, account, submit };
  }

  test('take one call for the list, and one per page of each form', async () => {
    const { server, account, submit } = await forms(60);
    for (const form of ['f2', 'f3']) submit(form, account.clock.now() - minute);
    const { records } = await pull(account, 'forms');
    expect(records).toHaveLength(62);
    expect(server.seen).toHaveLength(1 + 2 + 1 + 1);
  });

  test('are read newest first down to those that are known', async () => {
    const { server, account, submit } = await forms(130);
    submit('f2', account.clock.now() - minute);
    const first = await pull(account, 'forms');
    expect(new Set(idsOf(first.records)).size).toBe(131);
    account.clock.advance(60 * minute);
    submit('f1', account.clock.now() - minute);
    server.seen.length = 0;
    const second = await pull(account, 'forms', first.checkpoint);
    const third = await pull(account, 'forms', second.checkpoint);
    expect(idsOf(second.records)).toEqual(['f1-130']);
    expect(second.records[0]?.body).toMatchObject({
      form: { id: 'f1', name: 'Form f1' },
      pageUrl: 'https://x.org/?utm_source=a',
    });
    expect(third.records).toEqual([]);
    expect(server.seen).toHaveLength(6);
  });

  test('go on in the middle of a form', async () => {
    const { account } = await forms(130);
    const { pages, records } = await pull(account, 'forms');
    const rest = await pull(account, 'forms', pages[0]?.checkpoint ?? null);
    const read = [...(pages[0]?.records ?? []), ...rest.records];
    expect(new Set(idsOf(read))).toEqual(new Set(idsOf(records)));
    expect(rest.pages.length).toBeLessThan(pages.length);
  });
});
