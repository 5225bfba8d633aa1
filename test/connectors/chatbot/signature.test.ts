import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verify } from '../../../connectors/chatbot/wire/signature.ts';
import type { Verdict, WebhookRequest } from '../../../src/connector/contract/webhooks.ts';
import { recordingClock } from '../../connector/connection.ts';
import { batchOf, message, request, secret, signed } from './chat.ts';

const now = Date.UTC(2026, 5, 30, 12);
const clock = recordingClock(now);
const body = batchOf([message]);

function judge(given: WebhookRequest, config = {}): Verdict {
  return verify({ config: { webhookSecret: secret, ...config }, clock }, given);
}

const accepted = { accepted: true, replayKey: expect.any(String) };
const refused = (status: number, reason: RegExp) => ({
  accepted: false,
  status,
  reason: expect.stringMatching(reason),
});

test('a signed batch is accepted, to the edges of its age', () => {
  for (const seconds of [0, -300, 300]) expect(judge(signed(body, now + seconds * 1_000))).toEqual(accepted);
});

test('the example in the documentation verifies', () => {
  const hex = /`v1=([0-9a-f]{64})`/.exec(readFileSync('docs/chat-events.md', 'utf8'))?.[1];
  const at = 1_782_810_841_000;
  const given = request('{"version":1}', { 'chat-timestamp': '1782810841', 'chat-signature': `v1=${hex}` });
  expect(verify({ config: { webhookSecret: secret }, clock: recordingClock(at) }, given)).toEqual(accepted);
});

test('a forged signature is refused', () => {
  expect(judge(signed(body, now, 'another-secret-of-some-length'))).toEqual(refused(401, /does not match/));
});

test('any altered byte of the body is noticed', () => {
  const given = signed(body, now);
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
      const altered = Buffer.from(given.body);
      altered[index] = (altered[index] ?? 0) ^ flip;
      expect(judge({ ...given, body: altered })).toEqual(refused(401, /does not match/));
    }),
  );
});

test('a signature is not good for another time', () => {
  const given = signed(body, now - 200_000);
  const headers = { ...given.headers, 'chat-timestamp': String(now / 1_000) };
  expect(judge({ ...given, headers })).toEqual(refused(401, /does not match/));
});

test.each([-301, 301])('signed %i seconds from now: refused', (seconds) => {
  expect(judge(signed(body, now + seconds * 1_000))).toEqual(refused(401, /300 seconds/));
});

test('a replay has the same key, a repeat that is signed anew another', () => {
  const keyOf = (given: WebhookRequest) => {
    const verdict = judge(given);
    return verdict.accepted ? verdict.replayKey : 'refused';
  };
  expect(keyOf(signed(body, now))).toBe(keyOf(signed(body, now)));
  expect(keyOf(signed(body, now))).not.toBe(keyOf(signed(body, now + 1_000)));
  expect(keyOf(signed(body, now))).not.toBe(keyOf(signed(`${body} `, now)));
});

describe('two secrets at once', () => {
  const fresh = 'the-secret-after-the-change';
  const config = { webhookSecret: fresh, previousWebhookSecret: secret };

  test.each([fresh, secret])('signed with %s: accepted', (key) => {
    expect(judge(signed(body, now, key), config)).toEqual(accepted);
  });

  test('afterwards the old one is refused', () => {
    expect(judge(signed(body, now), { webhookSecret: fresh })).toEqual(refused(401, /does not match/));
  });
});

test('a body of a megabyte is accepted, one byte more is not', () => {
  expect(judge(signed(' '.repeat(1_048_576), now))).toEqual(accepted);
  expect(judge(signed(' '.repeat(1_048_577), now))).toEqual(refused(413, /1048576/));
});

test.each([
  ['no headers', {}, /chat-timestamp/],
  ['no signature', { 'chat-timestamp': '1782820800' }, /chat-signature/],
  ['a time in words', { 'chat-timestamp': 'noon', 'chat-signature': `v1=${'0'.repeat(64)}` }, /Unix seconds/],
  [
    'milliseconds',
    { 'chat-timestamp': '1782820800000', 'chat-signature': `v1=${'0'.repeat(64)}` },
    /Unix seconds/,
  ],
  ['a short signature', { 'chat-timestamp': '1782820800', 'chat-signature': 'v1=00' }, /64 hex digits/],
  ['another scheme', { 'chat-timestamp': '1782820800', 'chat-signature': `sha256=${'0'.repeat(64)}` }, /v1=/],
])('%s: 400 that says what was expected', (_, headers, reason) => {
  expect(judge(request(body, headers))).toEqual(refused(400, reason));
});

test('only POST', () => {
  expect(judge({ ...signed(body, now), method: 'PUT' })).toEqual(refused(400, /POST/));
});

test('whatever comes, it answers and says no secret', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.dictionary(fc.constantFrom('chat-timestamp', 'chat-signature'), fc.string()),
      (text, headers) => {
        const verdict = judge(request(text, headers));
        expect(verdict.accepted).toBe(false);
        expect(JSON.stringify(verdict)).not.toContain(secret);
      },
    ),
  );
});
