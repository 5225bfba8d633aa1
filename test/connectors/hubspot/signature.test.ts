import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HubSpotConfig, hubspotConfig } from '../../../connectors/hubspot/config.ts';
import { signatureOf, verify } from '../../../connectors/hubspot/wire/signature.ts';
import type { Verdict, WebhookRequest } from '../../../src/connector/contract/webhooks.ts';

const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const url = 'https://www.example.com/webhook_uri';
const sentAt = 1693657560000;
const body = new TextEncoder().encode("{'example_field':'example_value'}");

function request(
  change: Partial<WebhookRequest> & { signature?: string; timestamp?: string } = {},
): WebhookRequest {
  const { signature, timestamp = String(sentAt), ...rest } = change;
  const signed = { method: 'POST', url, body, ...rest };
  return {
    ...signed,
    headers: {
      'x-hubspot-signature-v3': signature ?? signatureOf(secret, signed, timestamp),
      'x-hubspot-request-timestamp': timestamp,
    },
  };
}

function verdict(webhook: WebhookRequest, now = sentAt, config: Partial<HubSpotConfig> = {}): Verdict {
  const settings = hubspotConfig.parse({ accessToken: 'pat', webhookSecret: secret, ...config });
  return verify({ config: settings, clock: { now: () => now } }, webhook);
}

describe('version 3 signatures', () => {
  // The first vector is the one of hubspot-api-python, tests/spec/utils/test_signature.py.
  test.each([
    [1693657560000, 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y='],
    [1700000300000, 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw='],
  ])('of a known request at %i', (at, signature) => {
    expect(signatureOf(secret, { method: 'POST', url, body }, String(at))).toBe(signature);
    expect(verdict(request({ signature, timestamp: String(at) }), at).accepted).toBe(true);
  });

  test('cover the address with the listed escapes decoded, and no others', () => {
    const signed = `POSThttps://a.example/x:/?@!$'()*,;%20%26%3D%23%2b`;
    const expected = createHmac('sha256', secret).update(signed).update(body).update('1').digest('base64');
    const escaped = 'https://a.example/x%3A%2f%3F%40%21%24%27%28%29%2A%2c%3B%20%26%3D%23%2b';
    expect(signatureOf(secret, { method: 'post', url: escaped, body }, '1')).toBe(expected);
  });

  test('are good for five minutes and not before their time', () => {
    const ages = [0, 300_000, 300_001, -30_000, -30_001];
    expect(ages.map((age) => verdict(request(), sentAt + age).accepted)).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  test('of a request that was altered do not match', () => {
    const { headers } = request();
    const altered: WebhookRequest[] = [
      { method: 'PUT', url, body, headers },
      { method: 'POST', url: `${url}?a=1`, body, headers },
      { method: 'POST', url, body: new TextEncoder().encode("{'example_field':'another_value'}"), headers },
      {
        method: 'POST',
        url,
        body,
        headers: { ...headers, 'x-hubspot-request-timestamp': String(sentAt + 1) },
      },
    ];
    expect(altered.map((one) => verdict(one))).toEqual(
      altered.map(() => ({ accepted: false, status: 401, reason: 'the signature does not match' })),
    );
  });

  test('made of raw bytes, also where these are no text', () => {
    const bytes = Uint8Array.from([0xff, 0x00, 0xc3, 0x28]);
    const other = Uint8Array.from([0xfe, 0x00, 0xc3, 0x28]);
    const { headers } = request({ body: bytes });
    expect(verdict({ method: 'POST', url, body: bytes, headers }).accepted).toBe(true);
    expect(verdict({ method: 'POST', url, body: other, headers }).accepted).toBe(false);
  });

  test.each([
    '',
    'yesterday',
    '1e12',
    '-1',
    ' 1693657560000',
    'NaN',
  ])('with the timestamp "%s" are refused', (timestamp) => {
    expect(verdict(request({ timestamp }))).toMatchObject({ accepted: false, status: 400 });
  });

  test('that are missing are refused', () => {
    expect(verdict({ ...request(), headers: {} })).toMatchObject({ accepted: false, status: 401 });
  });

  test('without a secret to check them by are refused', () => {
    const config = { accessToken: 'pat', webhookSecret: undefined };
    expect(verdict(request(), sentAt, config)).toMatchObject({ accepted: false, status: 403 });
  });

  test('of an OAuth app are made with its client secret', () => {
    const app = {
      accessToken: undefined,
      webhookSecret: undefined,
      clientId: 'a',
      clientSecret: secret,
      refreshToken: 'r',
    };
    expect(verdict(request(), sentAt, app).accepted).toBe(true);
  });

  test('name a replay whatever its order of arrival, and nothing else', () => {
    const keyOf = (one: WebhookRequest) => JSON.stringify(verdict(one, sentAt));
    expect(keyOf(request())).toBe(keyOf(request()));
    expect(keyOf(request({ timestamp: String(sentAt - 1) }))).not.toBe(keyOf(request()));
  });

  test('of any text but the right one are refused', () => {
    fc.assert(
      fc.property(fc.string(), (signature) => {
        fc.pre(signature !== signatureOf(secret, { method: 'POST', url, body }, String(sentAt)));
        expect(verdict(request({ signature })).accepted).toBe(false);
      }),
    );
  });
});
