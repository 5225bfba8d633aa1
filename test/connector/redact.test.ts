import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { memoryVault } from '../../src/connector/auth.ts';
import type { Auth } from '../../src/connector/contract/sign-in.ts';
import { Fault } from '../../src/connector/fault.ts';
import { openConnection } from '../../src/connector/open.ts';
import { Redactor, redactedLog } from '../../src/connector/redact.ts';
import { createLog, silentLog } from '../../src/support/log.ts';
import { Problem } from '../../src/support/problem.ts';
import { failure, faultOf, open, type PlainConfig, plainConnector, recordingClock } from './connection.ts';
import { json, serve } from './server.ts';

const secret = 'pa ss/wörd+"x"';

function knowing(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const one of secrets) redactor.keep(one);
  return redactor;
}

describe('a known secret', () => {
  it.each([
    ['as it is', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in a form', new URLSearchParams({ s: secret }).toString().slice(2)],
    ['in JSON', JSON.stringify({ s: secret })],
  ])('disappears %s', (_, text) => {
    const clean = knowing(secret).text(`before ${text} after`);
    expect(clean).toContain('before ');
    expect(clean).toContain('…');
    expect(clean).not.toMatch(/pa.?ss|w%C3|wörd/);
  });

  it('disappears from every part of an error and of its causes, which stay the same objects', () => {
    const cause = new Problem('failed', `cause ${secret}`, { where: secret, remedy: `drop ${secret}` });
    const fault = new Fault('rejected', `refused ${secret}`, { code: secret, field: secret, cause });
    expect(knowing(secret).error(fault)).toBe(fault);
    const texts = [fault.message, fault.stack, fault.code, fault.field, cause.toString(), cause.stack];
    expect(texts.join('\n')).not.toContain(secret);
    expect(fault.kind).toBe('rejected');
    expect(fault.cause).toBe(cause);
  });

  it('disappears from log lines, however deep it lies', () => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk, _, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const log = redactedLog(createLog('debug', sink), knowing(secret)).child({ about: secret });
    const error = new Error(`failed with ${secret}`);
    log.error(
      { error, err: error, url: new URL(`http://x/?s=${encodeURIComponent(secret)}`) },
      `line ${secret}`,
    );
    log.debug({ list: [{ deep: { deeper: secret } }], when: new Date(0) }, 'line');
    const text = lines.join('');
    expect(lines).toHaveLength(2);
    expect(text).toContain('1970-01-01');
    expect(text).not.toMatch(/pa.?ss|w%C3|wörd/);
  });

  it('disappears whole when a shorter one is part of it', () => {
    expect(knowing('abcd', 'abcdefgh').text('abcdefgh')).toBe('…');
  });

  it('is not so short that errors would become unreadable', () => {
    expect(knowing('a', '').text('a banana')).toBe('a banana');
  });

  it('is remembered longer in settings than in old tokens', () => {
    const redactor = knowing('from-settings');
    for (let index = 0; index < 500; index += 1) redactor.keepToken({ accessToken: `token-number-${index}` });
    expect(redactor.text('from-settings token-number-499 token-number-0')).toBe('… … token-number-0');
  });
});

describe('a connection', () => {
  const echoing: Auth<PlainConfig> = {
    sign: (request, token) => ({ ...request, headers: { authorization: `Bearer ${token.accessToken}` } }),
    grant: async () => ({ accessToken: 'secret-access-token', refreshToken: 'secret-refresh-token' }),
  };
  const fault = (answer: { status: number; text: string }) =>
    answer.status < 300 ? null : new Fault('rejected', `the vendor said: ${answer.text}`);

  it('shows neither tokens nor secrets that a vendor echoes', async () => {
    const server = await serve((seen, response) =>
      json(
        response,
        { sent: seen.headers.authorization, also: ['secret-refresh-token', 'the-client-secret'] },
        400,
      ),
    );
    const connection = open(server.url, { auth: echoing, fault });
    for (const ask of [connection.http.send, connection.http.stream]) {
      const found = await faultOf(ask({ method: 'GET', url: '/x' }));
      expect(found.message).toContain('the vendor said');
      expect(`${found.message}${found.stack}`).not.toMatch(/secret-access|secret-refresh|client-secret/);
    }
  });

  it('keeps the query out of errors: some vendors take secrets there', async () => {
    const server = await serve((_, response) => response.destroy());
    const found = await faultOf(
      open(server.url).http.send({ method: 'GET', url: '/x', query: { apikey: 'k3y' } }),
    );
    expect(found.message).toContain('/x');
    expect(found.message).not.toContain('k3y');
  });

  it('keeps secrets out of its log', () => {
    const lines: string[] = [];
    const sink = new Writable({
      write: (chunk, _, done) => {
        lines.push(String(chunk));
        done();
      },
    });
    const { log } = open('http://vendor.test', {}, { log: createLog('info', sink) });
    log.info({ form: { client: 'the-client-secret' } }, 'signs in');
    expect(lines.join('')).toContain('"connection":"test"');
    expect(lines.join('')).not.toContain('client-secret');
  });

  it('does not show a secret that a schema quotes', () => {
    const secret = z
      .string()
      .refine(() => false, { error: ({ input }) => `${input} is too weak` })
      .meta({ secret: true });
    const connector = { ...plainConnector(), config: z.object({ baseUrl: z.string(), secret }) };
    const opening = () =>
      openConnection(connector, {
        connection: 'test',
        config: { baseUrl: 'x', secret: 'from-the-admin' },
        vault: memoryVault(),
        clock: recordingClock(),
        log: silentLog,
        signal: new AbortController().signal,
      });
    expect(opening).toThrow('secret: … is too weak');
  });

  it('does not show a secret that is itself what is wrong', async () => {
    const error = await failure(
      (async () => open('not a url', {}, { config: { baseUrl: 'x', secret: 'short' } }))(),
    );
    expect(error).toBeInstanceOf(Problem);
    expect(String(error)).toContain('secret (Client secret)');
    expect(String(error)).not.toContain('short');
  });
});
