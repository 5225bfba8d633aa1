import { createVerify, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type SalesforceConfig, salesforceConfig } from '../../../connectors/salesforce/config.ts';
import { auth, sessionPlaceholder } from '../../../connectors/salesforce/wire/auth.ts';
import type { Token } from '../../../src/connector/contract/sign-in.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { HttpRequest } from '../../../src/connector/http.ts';
import { textResponse } from '../../../src/connector/response.ts';
import { silentLog } from '../../../src/support/log.ts';
import { virtualClock } from '../../../src/testing/clock.ts';
import { fixtureJson, hasFixtures } from './fixtures.ts';

const now = Date.UTC(2026, 2, 10, 12);
const granted = {
  access_token: '00D!token',
  instance_url: 'https://acme.my.salesforce.com',
  id: 'https://login.salesforce.com/id/00D4S000000Oz4e/0054S000001KE9e',
};

/** Asks for a token; `answer` stands for Salesforce. Returns what was asked and the token. */
async function grant(
  settings: object,
  answer: (form: Readonly<Record<string, string>>) => object,
  previous: Token | null = null,
) {
  const config = salesforceConfig.parse({
    loginUrl: 'https://acme.my.salesforce.com',
    clientId: 'key',
    ...settings,
  });
  const asked: HttpRequest[] = [];
  const send = async (request: HttpRequest) => {
    asked.push(request);
    return textResponse(200, {}, JSON.stringify(answer(request.form ?? {})), 'POST token');
  };
  const http = { send, stream: () => Promise.reject(new Error('not asked')) };
  const { signal } = new AbortController();
  const clock = virtualClock(now);
  const ctx = { connection: 'acme', config, http, clock, vendorClock: clock, log: silentLog, signal };
  const token = await auth.grant?.(ctx, previous);
  return { token, forms: asked.map(({ form }) => form), asked };
}

describe('signing in', () => {
  it('by client credentials: keeps the address, the user and the org', async () => {
    const { token, asked } = await grant({ clientSecret: 'secret' }, () => granted);
    expect(asked[0]).toEqual({
      method: 'POST',
      url: '/services/oauth2/token',
      form: { grant_type: 'client_credentials', client_id: 'key', client_secret: 'secret' },
    });
    expect(token).toEqual({
      accessToken: '00D!token',
      baseUrl: 'https://acme.my.salesforce.com',
      extra: { userId: '0054S000001KE9eQAG', organizationId: '00D4S000000Oz4eUAC', scope: '' },
    });
  });

  it('by JWT: an assertion that the app’s certificate proves, good for three minutes at most', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const settings = { flow: 'jwt_bearer', username: 'hub@acme.example', privateKey: pem };
    const { forms } = await grant(settings, () => granted);
    const [header = '', claims = '', signature = ''] = (forms[0]?.assertion ?? '').split('.');
    expect(
      createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(publicKey, signature, 'base64url'),
    ).toBe(true);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' });
    const { exp, ...who } = JSON.parse(Buffer.from(claims, 'base64url').toString());
    expect(who).toEqual({ iss: 'key', sub: 'hub@acme.example', aud: 'https://login.salesforce.com' });
    expect(exp * 1000 - now).toBeGreaterThan(60_000);
    expect(exp * 1000 - now).toBeLessThanOrEqual(180_000);
  });

  it.each([
    ['https://test.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme--uat.sandbox.my.salesforce.com', 'https://test.salesforce.com'],
    ['https://acme.my.salesforce.com', 'https://login.salesforce.com'],
  ])('by JWT at %s names the audience %s', async (loginUrl, audience) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const { forms } = await grant(
      { loginUrl, flow: 'jwt_bearer', username: 'u', privateKey: pem },
      () => granted,
    );
    const [, claims = ''] = (forms[0]?.assertion ?? '').split('.');
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString()).aud).toBe(audience);
  });

  it('by refresh token: the newest one, kept when the answer brings none', async () => {
    const settings = { flow: 'refresh_token', refreshToken: 'first' };
    const fresh = await grant(settings, () => ({ ...granted, refresh_token: 'second' }));
    expect(fresh.forms).toEqual([{ grant_type: 'refresh_token', client_id: 'key', refresh_token: 'first' }]);
    expect(fresh.token?.refreshToken).toBe('second');
    const later = await grant(settings, () => granted, fresh.token);
    expect(later.forms[0]?.refresh_token).toBe('second');
    expect(later.token?.refreshToken).toBe('second');
  });

  it('by the configured refresh token when the stored one is dead: the admin has authorised the hub again', async () => {
    const dead = new Fault('unauthorized', 'expired access/refresh token');
    const answer = ({ refresh_token }: Readonly<Record<string, string>>) => {
      if (refresh_token === 'dead') throw dead;
      return granted;
    };
    const settings = { flow: 'refresh_token', refreshToken: 'new' };
    const { token } = await grant(settings, answer, { accessToken: 'x', refreshToken: 'dead' });
    expect(token?.accessToken).toBe('00D!token');
    await expect(
      grant({ ...settings, refreshToken: 'dead' }, answer, { accessToken: 'x', refreshToken: 'dead' }),
    ).rejects.toBe(dead);
  });

  it('is not mistaken about an answer that is not a token', async () => {
    await expect(grant({ clientSecret: 's' }, () => ({ hello: 'world' }))).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it.skipIf(!hasFixtures)('takes a recorded user id (needs the recordings beside the project)', () => {
    expect(fixtureJson('amp-labs/metadata__write__user-info.json')).toMatchObject({
      user_id: expect.any(String),
    });
  });
});

describe('signing a request', () => {
  const token = { accessToken: '00D!t$&n' };

  it('puts the token into the header', () => {
    const signed = auth.sign(
      { method: 'GET', url: 'https://x/query', headers: { accept: 'text/csv' } },
      token,
    );
    expect(signed.headers).toEqual({ accept: 'text/csv', Authorization: 'Bearer 00D!t$&n' });
  });

  it('puts it into SOAP, and into no other body', () => {
    const body = `<sessionId>${sessionPlaceholder}</sessionId>`;
    expect(auth.sign({ method: 'POST', url: 'https://x/services/Soap/m/66.0', body }, token).body).toBe(
      '<sessionId>00D!t$&n</sessionId>',
    );
    expect(auth.sign({ method: 'PATCH', url: 'https://x/services/data', body }, token).body).toBe(body);
  });
});

describe('settings', () => {
  const good = { loginUrl: 'https://acme.my.salesforce.com', clientId: 'key' };
  const problems = (settings: object) =>
    salesforceConfig
      .safeParse({ ...good, ...settings })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

  it('demand what the flow needs', () => {
    expect(problems({})).toEqual(['clientSecret: is needed for the client_credentials flow']);
    expect(problems({ flow: 'jwt_bearer' })).toHaveLength(2);
    expect(problems({ flow: 'refresh_token', refreshToken: 'x' })).toEqual([]);
  });

  it('demand My Domain for client credentials', () => {
    expect(problems({ clientSecret: 's', loginUrl: 'https://login.salesforce.com' })[0]).toMatch(
      /^loginUrl: must be your My Domain/,
    );
    expect(problems({ clientSecret: 's' })).toEqual([]);
  });

  it('refuse a webhook token that could be guessed', () => {
    expect(problems({ clientSecret: 's', webhookToken: 'secret' })).toHaveLength(1);
  });

  it('explain every field, and mark every secret', () => {
    const shape: Readonly<Record<keyof SalesforceConfig, { meta(): unknown }>> = salesforceConfig.shape;
    for (const [name, field] of Object.entries(shape)) {
      expect(field.meta(), name).toMatchObject({
        label: expect.any(String),
        help: expect.any(String),
        example: expect.any(String),
      });
      expect(/secret|token|privateKey/i.test(name), name).toBe(
        JSON.stringify(field.meta()).includes('"secret":true'),
      );
    }
  });
});
