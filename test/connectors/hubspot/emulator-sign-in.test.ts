import { describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { emulated, handClock, type Told } from './emulated.ts';

function form(emulator: RunningEmulator, more: Record<string, string> = {}, version = 'v1') {
  const { clientId, clientSecret, refreshToken } = emulator.config;
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: String(clientId),
    client_secret: String(clientSecret),
    refresh_token: String(refreshToken),
    ...more,
  });
  return fetch(`${emulator.url}/oauth/${version}/token`, { method: 'POST', body });
}

async function tokens(...asked: Parameters<typeof form>): Promise<Told> {
  return (await (await form(...asked)).json()) as Told;
}

describe('signing in', () => {
  test('a refresh token gives an access token of half an hour, under every version of the path', async () => {
    const clock = handClock();
    const { emulator, send } = await emulated({ clock, knobs: { auth: 'oauth' } });
    for (const version of ['v1', 'v3', '2026-03', '2026-09']) {
      const told = await tokens(emulator, {}, version);
      expect(told).toMatchObject({
        token_type: 'bearer',
        expires_in: 1800,
        refresh_token: emulator.config.refreshToken,
      });
      expect(told.token_use).toBe(version === 'v1' ? undefined : 'access_token');
      expect(told.access_token.length).toBeGreaterThan(300);
      expect((await send('GET', '/crm/v3/owners', undefined, told.access_token)).status).toBe(200);
    }
    const { access_token: token } = await tokens(emulator);
    clock.advance(1_800_000 + 75_000);
    const late = await send('GET', '/crm/v3/owners', undefined, token);
    expect([late.status, late.body]).toEqual([
      401,
      expect.objectContaining({
        category: 'EXPIRED_AUTHENTICATION',
        message: 'The OAuth token used to make this call expired 75 second(s) ago.',
      }),
    ]);
    expect(emulator.requests.counted()).toBe(5);
  });

  test.each([
    ['refresh_token', 'BAD_REFRESH_TOKEN'],
    ['client_id', 'BAD_CLIENT_ID'],
    ['client_secret', 'BAD_CLIENT_SECRET'],
  ])('a wrong %s is a 400 with %s', async (field, status) => {
    const { emulator } = await emulated({ knobs: { auth: 'oauth' } });
    const answer = await form(emulator, { [field]: 'wrong' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ status, error: 'invalid_grant' });
  });

  test('by knob the refresh token rotates and the old one is dead', async () => {
    const { emulator } = await emulated({ knobs: { auth: 'oauth', rotateRefreshTokens: true } });
    const old = String(emulator.config.refreshToken);
    const { refresh_token: next } = await tokens(emulator);
    expect(next).not.toBe(old);
    expect((await form(emulator, { refresh_token: old })).status).toBe(400);
    expect((await form(emulator, { refresh_token: next })).status).toBe(200);
  });

  test('all tokens handed out can be made to expire', async () => {
    const { emulator, send, get } = await emulated({ knobs: { auth: 'oauth' } });
    const { access_token: token } = await tokens(emulator);
    emulator.expireTokens();
    expect((await send('GET', '/crm/v3/owners', undefined, token)).body.category).toBe(
      'EXPIRED_AUTHENTICATION',
    );
    expect((await get('/crm/v3/owners')).body.category).toBe('INVALID_AUTHENTICATION');
    expect((await form(emulator)).status).toBe(200);
  });

  test("a private app's key is rotated instead: the config has the new one", async () => {
    const { emulator, send, get } = await emulated();
    expect((await get('/crm/v3/owners')).status).toBe(200);
    emulator.expireTokens();
    expect((await get('/crm/v3/owners')).body.category).toBe('INVALID_AUTHENTICATION');
    const fresh = String(emulator.config.accessToken);
    expect((await send('GET', '/crm/v3/owners', undefined, fresh)).status).toBe(200);
  });

  test('a scope that was not granted is named', async () => {
    const { post, get } = await emulated({ knobs: { missingScopes: ['crm.objects.deals.write'] } });
    const refused = await post('/crm/v3/objects/deals', { properties: {} });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      category: 'MISSING_SCOPES',
      errors: [{ context: { requiredGranularScopes: ['crm.objects.deals.write'] } }],
    });
    expect((await get('/crm/v3/objects/deals')).status).toBe(200);
  });
});

describe('allowances', () => {
  test('a hundred calls in ten rolling seconds, told in the headers', async () => {
    const clock = handClock();
    const { get, emulator } = await emulated({ clock });
    const first = await get('/crm/v3/owners');
    expect(
      Object.fromEntries([...first.headers].filter(([name]) => name.startsWith('x-hubspot-ratelimit'))),
    ).toEqual({
      'x-hubspot-ratelimit-daily': '250000',
      'x-hubspot-ratelimit-daily-remaining': '249999',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      'x-hubspot-ratelimit-max': '100',
      'x-hubspot-ratelimit-remaining': '99',
      'x-hubspot-ratelimit-secondly': '10',
      'x-hubspot-ratelimit-secondly-remaining': '9',
    });
    clock.advance(5_000);
    for (let call = 0; call < 99; call++) await get('/crm/v3/owners');
    const refused = await get('/crm/v3/owners');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      message: 'You have reached your ten_secondly_rolling limit.',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
    });
    expect(refused.headers.get('retry-after')).toBeNull();
    clock.advance(5_000);
    expect([(await get('/crm/v3/owners')).status, (await get('/crm/v3/owners')).status]).toEqual([200, 429]);
    expect(emulator.requests.counted()).toBe(103);
  });

  test('five searches a second, a pool of its own, with the daily pair of headers alone', async () => {
    const clock = handClock();
    const { post, get } = await emulated({ clock });
    const search = () => post('/crm/v3/objects/contacts/search', {});
    for (let call = 0; call < 5; call++) expect((await search()).status).toBe(200);
    const refused = await search();
    expect(refused.status).toBe(429);
    expect(Object.keys(refused.body).toSorted()).toEqual(['category', 'correlationId', 'message', 'status']);
    expect(refused.body).toMatchObject({
      message: 'You have reached your secondly limit.',
      category: 'RATE_LIMITS',
    });
    expect([...refused.headers.keys()].filter((name) => name.startsWith('x-hubspot-ratelimit'))).toEqual([
      'x-hubspot-ratelimit-daily',
      'x-hubspot-ratelimit-daily-remaining',
    ]);
    expect((await get('/crm/v3/owners')).headers.get('x-hubspot-ratelimit-remaining')).toBe('99');
    clock.advance(1_000);
    expect((await search()).status).toBe(200);
  });

  test('the day ends at midnight of the account', async () => {
    const clock = handClock(Date.parse('2026-06-30T04:59:00Z'));
    const { get } = await emulated({ clock, knobs: { daily: 2 } });
    const statuses: number[] = [];
    for (let call = 0; call < 3; call++) statuses.push((await get('/crm/v3/owners')).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await get('/crm/v3/owners')).body).toMatchObject({ policyName: 'DAILY' });
    clock.advance(60_000);
    expect((await get('/crm/v3/owners')).status).toBe(200);
  });

  test('an OAuth app is not told about the day', async () => {
    const { emulator, send } = await emulated({ knobs: { auth: 'oauth' } });
    const { access_token: token } = await tokens(emulator);
    const { headers } = await send('GET', '/crm/v3/owners', undefined, token);
    expect([headers.get('x-hubspot-ratelimit-daily'), headers.get('x-hubspot-ratelimit-max')]).toEqual([
      null,
      '100',
    ]);
  });
});

describe('faults', () => {
  test.each([
    ['locked', 423],
    ['migrating', 477],
    ['forbidden', 403],
  ])('%s: %i', async (name, status) => {
    const { get, emulator } = await emulated();
    emulator.faults.inject({ what: 'vendor', name, times: 1 });
    const refused = await get('/crm/v3/owners');
    expect([refused.status, refused.body.status]).toEqual([status, 'error']);
    expect((await get('/crm/v3/owners')).status).toBe(200);
  });

  test('throttling looks as HubSpot throttles that call; pages of HTML may come instead', async () => {
    const { get, post, emulator, token } = await emulated();
    emulator.faults.inject({ what: 'throttle', times: 2 });
    expect((await post('/crm/v3/objects/deals/search', {})).body).not.toHaveProperty('policyName');
    expect((await get('/crm/v3/owners')).body).toHaveProperty('policyName', 'TEN_SECONDLY_ROLLING');
    emulator.faults.inject({ what: 'vendor', name: 'cdn-throttle', times: 1 });
    const answer = await fetch(`${emulator.url}/crm/v3/owners`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([answer.status, await answer.text()]).toEqual([429, expect.stringContaining('<html>')]);
    emulator.faults.inject({ what: 'daily-limit', route: 'contacts/batch', times: 1 });
    expect((await get('/crm/v3/owners')).status).toBe(200);
    expect((await post('/crm/v3/objects/contacts/batch/read', { inputs: [] })).body).toHaveProperty(
      'policyName',
      'DAILY',
    );
  });

  test('a lost answer is lost after the work', async () => {
    const { post, emulator } = await emulated();
    emulator.faults.inject({ what: 'lost-answer', times: 1 });
    await expect(post('/crm/v3/objects/deals', { properties: { dealname: 'D' } })).rejects.toThrow();
    expect(emulator.records.count('deals')).toBe(1);
  });
});

test('a URL that is too long is a 414 of HTML', async () => {
  const { emulator, token } = await emulated();
  const names = Array.from({ length: 1_000 }, (_, index) => `property_${index}`).join(',');
  const url = `${emulator.url}/crm/v3/objects/contacts?properties=${names}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([414, 'text/html']);
});

test('a misspelt knob is named', async () => {
  await expect(emulated({ knobs: { searchLag: 3 } })).rejects.toThrow(/searchLag/);
});
