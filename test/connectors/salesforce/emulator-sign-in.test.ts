import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { salesforceEmulator } from '../../../emulators/salesforce/index.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { base, signIn, tokenOf } from './emulator-client.ts';

let emulator: RunningEmulator;
afterEach(() => emulator.close());

async function start(knobs: JsonObject = {}): Promise<void> {
  emulator = await salesforceEmulator.start({ knobs });
}

async function ask(form: Record<string, string>): Promise<{ status: number; json: Record<string, string> }> {
  const response = await fetch(`${emulator.url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: response.status, json: (await response.json()) as Record<string, string> };
}

const client = () => ({
  client_id: String(emulator.config.clientId),
  client_secret: String(emulator.config.clientSecret),
});
const refresh = (refresh_token: string) => ask({ grant_type: 'refresh_token', refresh_token, ...client() });

describe('client credentials', () => {
  it('give a token that says who and where, and not for how long', async () => {
    await start();
    const { status, json } = await tokenOf(emulator);
    expect(status).toBe(200);
    expect(Object.keys(json as object).toSorted()).toEqual([
      'access_token',
      'id',
      'instance_url',
      'issued_at',
      'scope',
      'signature',
      'token_type',
    ]);
    expect(json.instance_url).toBe(emulator.url);
    expect(json.issued_at).toMatch(/^\d{13}$/);
    expect(json.id).toMatch(/\/id\/00D\w{15}\/005\w{15}$/);
  });

  it('are refused when they are wrong', async () => {
    await start();
    const wrong = await ask({ grant_type: 'client_credentials', ...client(), client_secret: 'wrong' });
    expect(wrong).toEqual({
      status: 400,
      json: { error: 'invalid_client', error_description: 'invalid client credentials' },
    });
    const unknown = await ask({ grant_type: 'client_credentials', client_id: 'nobody' });
    expect(unknown.json.error).toBe('invalid_client_id');
    expect((await ask({ grant_type: 'password', ...client() })).json.error).toBe('unsupported_grant_type');
  });
});

describe('refresh tokens', () => {
  it('stay the same, unless the org rotates them', async () => {
    await start({ refreshToken: 'r1' });
    expect((await refresh('r1')).json.refresh_token).toBeUndefined();
    await emulator.close();
    await start({ refreshToken: 'r1', rotateRefreshTokens: true });
    const next = String((await refresh('r1')).json.refresh_token);
    expect((await refresh('r1')).json).toEqual({
      error: 'invalid_grant',
      error_description: 'expired access/refresh token',
    });
    expect((await refresh(next)).status).toBe(200);
  });

  it('refuse a second refresh while the first is under way', async () => {
    await start({ refreshToken: 'r1', refreshMs: 50 });
    const answers = await Promise.all([refresh('r1'), refresh('r1')]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 400]);
    const busy = answers.find((answer) => answer.status === 400);
    expect(busy?.json.error_description).toBe('token request is already being processed');
    emulator.faults.inject({ route: 'token', times: 1, what: 'vendor', name: 'refresh-busy' });
    expect((await refresh('r1')).json.error_description).toBe('token request is already being processed');
  });
});

describe('JWT bearer', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const encode = (json: JsonObject) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const bearer = (claims: JsonObject) => {
    const text = `${encode({ alg: 'RS256' })}.${encode(claims)}`;
    const signature = createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url');
    return ask({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${text}.${signature}`,
    });
  };
  const claims = () => ({
    iss: String(emulator.config.clientId),
    sub: 'integration@example.com',
    aud: emulator.url,
    exp: Math.floor(Date.now() / 1000) + 120,
  });

  it('takes an assertion signed with the uploaded key, for a few minutes', async () => {
    await start({ jwtPublicKey: pem });
    const { json } = await bearer(claims());
    expect(json.access_token).toMatch(/^00D/);
    expect(json.refresh_token).toBeUndefined();
    expect((await bearer({ ...claims(), aud: 'https://elsewhere' })).json.error_description).toBe(
      'audience is invalid',
    );
    expect((await bearer({ ...claims(), exp: Math.floor(Date.now() / 1000) + 3600 })).status).toBe(400);
    expect((await bearer({ ...claims(), sub: 'nobody' })).json.error_description).toBe(
      "user hasn't approved this consumer",
    );
  });

  it('refuses a signature of another key', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await start({ jwtPublicKey: other.publicKey.export({ type: 'spki', format: 'pem' }).toString() });
    expect((await bearer(claims())).json).toEqual({
      error: 'invalid_grant',
      error_description: 'invalid assertion',
    });
  });
});

describe('a session', () => {
  it('that is unknown, ended or too old is refused as an array', async () => {
    await start();
    const signedIn = await signIn(emulator);
    expect((await signedIn.get('limits')).status).toBe(200);
    emulator.expireTokens();
    const late = await signedIn.get('limits');
    expect(late.status).toBe(401);
    expect(late.json).toEqual([{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }]);
    const nobody = await fetch(`${emulator.url}${base}/limits`);
    expect(nobody.status).toBe(401);
    await emulator.close();
    await start({ tokenLifeMs: 0 });
    const shortLived = await signIn(emulator);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await shortLived.get('limits')).status).toBe(401);
  });

  it('knows whose it is, uncounted', async () => {
    await start();
    const signedIn = await signIn(emulator);
    const { json } = await signedIn.send('GET', '/services/oauth2/userinfo');
    expect(json).toMatchObject({ preferred_username: 'integration@example.com', active: true });
    expect(emulator.requests.counted()).toBe(0);
    expect(emulator.requests.entries.map((entry) => entry.route)).toEqual([
      'POST oauth2/token',
      'GET oauth2/userinfo',
    ]);
  });
});
